/// Names that generated code must not take, and what they become.
enum ReservedNames {
  /// Keywords, back-quoted where they name a member.
  static let keywords: Set<String> = [
    "as", "associatedtype", "async", "await", "break", "case", "catch", "class", "continue", "default", "defer",
    "deinit",
    "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import",
    "in", "inout", "internal", "is", "let", "nil", "operator", "package", "precedencegroup", "private", "protocol",
    "public", "repeat", "rethrows", "return", "static", "struct", "subscript", "super", "switch", "throw", "throws",
    "true", "try", "typealias", "var", "where", "while", "Any",
  ]

  /// Members that every message has, or that Swift gives a meaning even in back-quotes.
  static let fields: Set<String> = [
    "init", "self", "Self", "Type", "Protocol", "description", "debugDescription", "hashValue", "isInitialized",
    "unknownFields", "dynamicType", "merge", "write", "copied", "isEqual",
  ]

  /// Members that every enum has, or that Swift gives a meaning even in back-quotes.
  static let cases: Set<String> = [
    "init", "self", "Self", "Type", "Protocol", "allCases", "rawValue", "hashValue", "description", "debugDescription",
    "some", "none", "UNRECOGNIZED", "protoFile",
  ]

  /// Types that generated code refers to, or that nobody wants hidden in a module. A message of such a name gets
  /// `Message` appended, an enum `Enum`, a service `Service`.
  static let types: Set<String> = swiftTypes.union(runtimeTypes)

  private static let swiftTypes = words(
    """
    Actor AdditiveArithmetic Any AnyActor AnyClass AnyCollection AnyHashable AnyIterator AnyKeyPath AnyObject AnySequence
    Array ArraySlice AsyncIteratorProtocol AsyncSequence AsyncStream AsyncThrowingStream Atomic BidirectionalCollection
    BinaryFloatingPoint BinaryInteger BitwiseCopyable Bool CChar CDouble CFloat CInt CLong CaseIterable Character
    CheckedContinuation Clock ClosedRange Codable CodingKey Collection CommandLine Comparable ContiguousArray
    ContinuousClock Copyable CustomDebugStringConvertible CustomReflectable CustomStringConvertible Decodable Decoder
    DecodingError Dictionary Double Duration DurationProtocol EmptyCollection Encodable Encoder EncodingError Equatable
    Error Escapable Executor ExpressibleByArrayLiteral ExpressibleByStringLiteral FixedWidthInteger Float Float16 Float32
    Float64 FloatingPoint GlobalActor Hashable Hasher Identifiable InlineArray InstantProtocol Int Int128 Int16 Int32
    Int64 Int8 IteratorProtocol Job KeyPath KeyValuePairs LazyCollection LazySequence MainActor ManagedBuffer
    MemoryLayout Mirror MutableCollection MutableRawSpan MutableSpan Mutex Never Numeric ObjectIdentifier OpaquePointer
    OptionSet Optional OutputSpan PartialKeyPath Protocol RandomAccessCollection RandomNumberGenerator Range RangeSet
    RawRepresentable RawSpan Result Self Sendable Sequence SerialExecutor Set SetAlgebra SignedInteger Slice Span
    StaticString Strideable String StringProtocol Substring SuspendingClock Swift SystemRandomNumberGenerator Task
    TaskExecutor TaskGroup TaskLocal TaskPriority TextOutputStream ThrowingTaskGroup Type UInt UInt128 UInt16 UInt32
    UInt64 UInt8 UTF16 UTF32 UTF8 UTF8Span Unicode Unmanaged UnsafeBufferPointer UnsafeMutableBufferPointer
    UnsafeMutablePointer UnsafeMutableRawBufferPointer UnsafePointer UnsafeRawBufferPointer UnsafeRawPointer
    UnsignedInteger Void WritableKeyPath self
    """)

  private static let runtimeTypes = words(
    """
    Client Dubbo DubboCore DubboProtobuf DubboService CallOptions Enum Message MethodDescriptor MethodRegistration
    Methods ReplyReader ReplyWriter RequestReader RequestWriter RoutableService ServerContext Service ServiceCaller
    ServiceClient UnknownFields
    """)

  private static func words(_ text: String) -> Set<String> {
    Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
  }
}
