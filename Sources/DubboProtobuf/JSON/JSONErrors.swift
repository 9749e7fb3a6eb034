/// Text is not the JSON of a message.
public struct JSONDecodingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The full name of the message that was to be decoded.
  public var messageName: String
  /// What is wrong: what was expected, and what was found.
  public var problem: String
  /// Where in the message, for example `$.items[3].price`.
  public var path: String
  /// Where in the text, both counted from 1; the column in bytes.
  public var line: Int
  public var column: Int

  public var description: String {
    "cannot decode \(messageName) from JSON: \(path): \(problem), at line \(line), column \(column)"
  }
}

/// A message has no JSON form.
public struct JSONEncodingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The full name of the message that has none.
  public var messageName: String
  public var problem: String

  public init(messageName: String, problem: String) {
    self.messageName = messageName
    self.problem = problem
  }

  public var description: String { "cannot encode \(messageName) as JSON: \(problem)" }
}

/// What the reader throws: the place in bytes. Where that is in the message is found out only when somebody asks.
public struct JSONFault: Error, Sendable {
  public var problem: String
  public var offset: Int

  @inlinable
  public init(problem: String, offset: Int) {
    self.problem = problem
    self.offset = offset
  }
}
