/// A text from outside as a message shows it: in single quotes, on one line, and never long.
package func quotedText(_ text: String) -> String {
  let limit = 60
  var shown = ""
  for (index, scalar) in text.unicodeScalars.prefix(limit + 1).enumerated() {
    guard index < limit else { return "'\(shown)…'" }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: shown += "\u{FFFD}"
    default: shown.unicodeScalars.append(scalar)
    }
  }
  return "'\(shown)'"
}
