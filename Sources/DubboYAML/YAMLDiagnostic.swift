/// One thing that a text says wrongly or doubtfully, with the line it stands on.
package struct YAMLDiagnostic: Sendable, Hashable, CustomStringConvertible {
  package enum Severity: String, Sendable, Hashable, Comparable {
    /// The text is right, but may not mean what its author thinks.
    case note
    /// Something is ignored.
    case warning
    /// The text cannot be used.
    case error

    package static func < (left: Severity, right: Severity) -> Bool {
      left.rank < right.rank
    }

    private var rank: Int {
      switch self {
      case .note: 0
      case .warning: 1
      case .error: 2
      }
    }
  }

  package let severity: Severity
  package let file: String
  package let position: YAMLPosition
  package let message: String
  /// The line that is meant and a caret under the spot; empty when the text has no such line.
  package let excerpt: String

  init(_ severity: Severity, _ message: String, at position: YAMLPosition, in source: YAMLSource) {
    self.severity = severity
    self.file = source.name
    self.position = position
    self.message = message
    self.excerpt = Excerpt(of: source.line(position.line), column: position.column).text
  }

  /// `application.yaml:3:11: error: …`, then the line, then the caret.
  package var description: String {
    let head = "\(file):\(position): \(severity.rawValue): \(message)"
    return excerpt.isEmpty ? head : "\(head)\n\(excerpt)"
  }
}
