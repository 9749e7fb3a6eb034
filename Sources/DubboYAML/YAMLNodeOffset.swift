extension YAMLNode {
  /// Where in the source a scalar's text at `offset` (in Unicode scalars) was written, so that a rule inside a text
  /// gets its caret under the spot. Exact for values on one line and for `|` blocks; else the value's beginning.
  package func position(atOffset offset: Int, in source: YAMLSource) -> YAMLPosition {
    guard offset > 0, case .scalar(let scalar) = content else { return position }
    let text = Array(scalar.text.unicodeScalars)
    let offset = min(offset, text.count)
    switch scalar.style {
    case .plain, .singleQuoted, .doubleQuoted:
      let first = position.column - 1 + (scalar.style == .plain ? 0 : 1)
      let line = source.line(position.line).unicodeScalars.dropFirst(first).prefix(text.count)
      // With escapes or line breaks inside, the source says something else than the value.
      guard line.elementsEqual(text) else { return position }
      return YAMLPosition(line: position.line, column: first + 1 + offset)
    case .literal:
      let above = text[..<offset]
      let line = position.line + 1 + above.count { $0 == "\n" }
      let column = above.count - (above.lastIndex(of: "\n").map { $0 + 1 } ?? 0)
      let written = source.line(line).unicodeScalars
      let begin = offset - column
      let end = text[begin...].firstIndex(of: "\n") ?? text.count
      let indentation = written.count - (end - begin)
      guard indentation >= 0, written.dropFirst(indentation).elementsEqual(text[begin..<end]) else { return position }
      return YAMLPosition(line: line, column: indentation + 1 + column)
    case .folded:
      return position
    }
  }
}
