internal import DubboCore

/// What a server needs of a request's header fields, taken as they are decoded; the rest is the user's.
struct RequestFields {
  /// `grpc` is gRPC's content type without a word on the format of the messages.
  enum ContentType: Equatable {
    case grpc
    case format(PayloadFormat)
    case missing, other
  }

  private(set) var contentType = ContentType.missing
  /// Nil when there is none; `isTimeoutValid` tells a bad one.
  private(set) var timeout: Duration?
  private(set) var isTimeoutValid = true
  private(set) var group: [UInt8] = []
  private(set) var version: [UInt8] = []
  /// How the request's messages are compressed; nil when they are not.
  private(set) var encoding: [UInt8]?
  /// What the caller takes, as it lists it.
  private(set) var acceptedEncodings: [UInt8]?

  /// Whether the field is the protocol's, and so never part of a user's metadata.
  mutating func take(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
    guard CallHeaders.isReserved(name) else { return false }
    switch name.count {
    case 12 where CallHeaders.equal(name, "content-type"):
      contentType = Self.contentType(value)
    case 12 where CallHeaders.equal(name, "grpc-timeout"):
      timeout = GRPCTimeout.parse(value)
      isTimeoutValid = timeout != nil
    case 13 where CallHeaders.equal(name, "grpc-encoding"):
      encoding = CallHeaders.equal(value, "identity") ? nil : [UInt8](value)
    case 20 where CallHeaders.equal(name, "grpc-accept-encoding"):
      acceptedEncodings = [UInt8](value)
    case 17 where CallHeaders.equal(name, "tri-service-group"):
      group = [UInt8](value)
    case 19 where CallHeaders.equal(name, "tri-service-version"):
      version = [UInt8](value)
    default:
      break
    }
    return true
  }

  /// `application/grpc`, alone or with a plus sign and the name of a format, and whatever follows a semicolon. The usual
  /// ones allocate nothing.
  private static func contentType(_ value: UnsafeRawBufferPointer) -> ContentType {
    let end = value.firstIndex(of: UInt8(ascii: ";")) ?? value.count
    let type = UnsafeRawBufferPointer(rebasing: value[..<end])
    if CallHeaders.equal(type, "application/grpc+proto") { return .format(.protobuf) }
    if CallHeaders.equal(type, "application/grpc") { return .grpc }
    if CallHeaders.equal(type, "application/grpc+json") { return .format(.json) }
    let prefix: StaticString = "application/grpc+"
    let length = prefix.utf8CodeUnitCount
    guard type.count > length, CallHeaders.equal(UnsafeRawBufferPointer(rebasing: type[..<length]), prefix) else {
      return .other
    }
    return PayloadFormat(bytes: type[length...]).map { .format($0) } ?? .other
  }
}
