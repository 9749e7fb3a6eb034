/// Bytes could not be read as a message.
public struct BinaryDecodingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The full name of the message that was to be decoded.
  public var messageName: String
  public var reason: WireError
  /// How many bytes had been read, at least, when the fault was found.
  public var offset: Int

  public init(messageName: String, reason: WireError, offset: Int) {
    self.messageName = messageName
    self.reason = reason
    self.offset = offset
  }

  public var description: String { "cannot decode \(messageName): \(reason), at byte \(offset)" }
}

/// A message could not be written.
public struct BinaryEncodingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The full name of the message that was to be encoded.
  public var messageName: String
  public var reason: WireError

  public init(messageName: String, reason: WireError) {
    self.messageName = messageName
    self.reason = reason
  }

  public var description: String { "cannot encode \(messageName): \(reason)" }
}
