/// What generated messages have in common, and all that generic code may ask of one.
///
/// A message is a value: copies are independent, and two messages are equal when all their fields are, unknown ones
/// included. Large and recursive messages keep their fields on the heap and share them until one copy changes.
public protocol Message: Sendable, Hashable, CustomDebugStringConvertible {
  /// A message with no field set.
  init()

  /// The full name in the .proto, for example `google.protobuf.Timestamp`.
  static var protoMessageName: String { get }

  /// The .proto that defines the message.
  static var protoFile: ProtoFile { get }

  /// Fields that came with the message and that this version of its definition does not know.
  var unknownFields: UnknownFields { get set }

  /// False when a proto2 `required` field is missing, here or in a nested message.
  var isInitialized: Bool { get }

  /// Reads fields up to the end of the reader's window. Generated; call `init(serializedBytes:)`.
  mutating func merge(from reader: inout WireReader) throws(WireError)

  /// Writes the fields that are set. Generated; call `serializedBytes()`.
  func write(to writer: inout WireWriter)

  /// True for well-known types whose JSON is no object with their fields.
  static var isJSONValue: Bool { get }

  /// Reads one JSON value into a message that is new. Generated; call `init(jsonString:)`.
  mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault)

  /// Writes one JSON value. Call `jsonString()`.
  func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError)

  /// Writes the members of the message's JSON object, without its braces. Generated.
  func writeJSONFields(to json: inout JSONWriter) throws(JSONEncodingError)
}

extension Message {
  @inlinable public var isInitialized: Bool { true }

  /// A message that the closure has filled in: `.with { $0.name = "Swift" }`.
  @inlinable
  public static func with<Failure: Error>(_ populate: (inout Self) throws(Failure) -> Void) throws(Failure) -> Self {
    var message = Self()
    try populate(&message)
    return message
  }
}
