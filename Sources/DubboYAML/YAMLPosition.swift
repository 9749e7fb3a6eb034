/// A spot in a text as people count it: lines and columns begin with 1, and a column is one Unicode scalar.
package struct YAMLPosition: Sendable, Hashable, Comparable, CustomStringConvertible {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// Where every text begins.
  package static let start = YAMLPosition(line: 1, column: 1)

  package static func < (left: YAMLPosition, right: YAMLPosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }

  package var description: String { "\(line):\(column)" }
}
