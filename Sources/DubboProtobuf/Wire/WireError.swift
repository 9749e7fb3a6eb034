/// Why bytes are not a protobuf message, or a message cannot become bytes.
public enum WireError: UInt8, Error, Sendable, Hashable, CustomStringConvertible {
  /// The input ends inside a tag, a value or a nested message.
  case truncated
  /// A varint has more than ten bytes.
  case malformedVarint
  /// A tag has field number 0 or more than 32 bits.
  case invalidTag
  /// Wire types 6 and 7 do not exist.
  case invalidWireType
  /// A group ends that did not begin, or that began with another field number.
  case unmatchedEndGroup
  /// A `string` field holds bytes that are not UTF-8.
  case invalidUTF8
  /// More than 100 messages or groups are nested in each other.
  case tooDeep
  /// A length, or the whole message, exceeds 2 GiB - 1.
  case tooLarge
  /// A proto2 `required` field is not set.
  case missingRequiredField

  public var description: String {
    switch self {
    case .truncated: "the input ends inside a field"
    case .malformedVarint: "a varint has more than ten bytes"
    case .invalidTag: "a tag has no valid field number"
    case .invalidWireType: "a tag has the unknown wire type 6 or 7"
    case .unmatchedEndGroup: "a group ends that did not begin"
    case .invalidUTF8: "a string is not valid UTF-8"
    case .tooDeep: "messages are nested more than 100 levels deep"
    case .tooLarge: "a length exceeds 2 GiB - 1"
    case .missingRequiredField: "a required field is not set"
    }
  }
}
