/// A line as a message quotes it, with a caret under one column.
///
/// A long line is cut to a window around the spot, a control character (it could steer a terminal) is shown as U+FFFD,
/// what may be a secret as asterisks, a tab stays a tab in both lines, and the caret knows that a wide character takes
/// two cells.
struct Excerpt {
  let text: String

  private static let width = 100

  init(of line: String, column: Int) {
    let scalars = Array(line.unicodeScalars)
    guard scalars.contains(where: { $0 != " " && $0 != "\t" }) else {
      self.text = ""
      return
    }
    let spot = min(max(column - 1, 0), scalars.count)
    var first = 0
    var end = scalars.count
    if scalars.count > Self.width {
      first = min(max(spot - Self.width / 2, 0), scalars.count - Self.width)
      end = first + Self.width
    }
    // A key whose secret is shown may itself stand before the window.
    let nearby = max(first - 1_000, 0)..<min(end + 1_000, scalars.count)
    var masked = Array(scalars[nearby])
    SecretMask.apply(to: &masked)
    var quoted = first > 0 ? "  …" : "  "
    var caret = first > 0 ? "   " : "  "
    for index in first..<end {
      let scalar = Self.shown(masked[index - nearby.lowerBound])
      quoted.unicodeScalars.append(scalar)
      if index < spot {
        caret += scalar == "\t" ? "\t" : Self.isWide(scalar) ? "  " : " "
      }
    }
    if end < scalars.count { quoted += "…" }
    self.text = "\(quoted)\n\(caret)^"
  }

  private static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.properties.generalCategory {
    case .control where scalar != "\t", .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
    default: scalar
    }
  }

  /// The blocks that East Asian terminals draw two cells wide.
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60,
      0xffe0...0xffe6, 0x1f300...0x1faff, 0x20000...0x3fffd:
      true
    default: false
    }
  }
}
