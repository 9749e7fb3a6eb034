internal import DubboYAML

/// Something in a configuration that is wrong, ignored, or perhaps not meant so.
public struct ConfigurationProblem: Sendable, Hashable, CustomStringConvertible {
  public enum Severity: String, Sendable, Hashable {
    /// The configuration is right, but may not mean what its author thinks.
    case note
    /// Something is ignored, or will fail later.
    case warning
    /// The configuration cannot be used.
    case error
  }

  public var severity: Severity
  /// The file's name, or where a value comes from that stands in no file: `environment variable DUBBO_…`.
  public var source: String
  /// From 1; nil when the value stands in no file.
  public var line: Int?
  /// From 1, in Unicode scalars; nil when the value stands in no file.
  public var column: Int?
  /// What is wrong, and what is accepted.
  public var message: String
  /// The line and a caret under the spot; empty when there is none. What looks like a secret is left out.
  public var excerpt: String

  init(_ diagnostic: YAMLDiagnostic) {
    switch diagnostic.severity {
    case .note: severity = .note
    case .warning: severity = .warning
    case .error: severity = .error
    }
    source = diagnostic.file
    line = diagnostic.standsInText ? diagnostic.position.line : nil
    column = diagnostic.standsInText ? diagnostic.position.column : nil
    message = diagnostic.message
    excerpt = diagnostic.excerpt
  }

  init(_ severity: Severity, source: String, _ message: String) {
    self.severity = severity
    self.source = source
    self.message = message
    self.excerpt = ""
  }

  /// `application.yaml:3:11: error: …`, then the line, then the caret.
  public var description: String {
    var head = source
    if let line, let column { head += ":\(line):\(column)" }
    head += ": \(severity.rawValue): \(message)"
    return excerpt.isEmpty ? head : "\(head)\n\(excerpt)"
  }
}

/// A configuration that cannot be used, with everything that is wrong with it.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
  /// All that was found, warnings and notes too, in the order of the file.
  public var problems: [ConfigurationProblem]

  public var description: String {
    let errors = problems.count { $0.severity == .error }
    let head = "the configuration cannot be used; \(errors == 1 ? "1 error" : "\(errors) errors"):"
    return ([head] + problems.map(\.description)).joined(separator: "\n")
  }
}
