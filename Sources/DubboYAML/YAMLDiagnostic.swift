internal import DubboCore

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
  /// The text's name, or where a value comes from that does not stand in the text.
  package let file: String
  package let position: YAMLPosition
  package let message: String
  /// The line that is meant and a caret under the spot; empty when the text has no such line.
  package let excerpt: String
  /// Whether `position` is a place in the text.
  package let standsInText: Bool

  init(
    _ severity: Severity, _ message: String, at position: YAMLPosition, origin: String? = nil, in source: YAMLSource
  ) {
    self.severity = severity
    self.file = origin ?? source.name
    self.position = position
    // It may quote what the text says with an escape of its own, and is for terminals and logs.
    self.message = LogText.escaped(message)
    self.standsInText = origin == nil
    self.excerpt = origin == nil ? Excerpt(of: source.line(position.line), column: position.column).text : ""
  }

  /// `application.yaml:3:11: error: …`, then the line, then the caret.
  package var description: String {
    let place = standsInText ? "\(file):\(position)" : file
    let head = "\(place): \(severity.rawValue): \(message)"
    return excerpt.isEmpty ? head : "\(head)\n\(excerpt)"
  }
}
