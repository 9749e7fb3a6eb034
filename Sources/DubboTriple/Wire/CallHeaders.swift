internal import DubboCore
internal import DubboHTTP

/// The header fields of Triple's gRPC form that are the same for every call, and the ones that this layer keeps to
/// itself.
enum CallHeaders {
  /// What begins every request (gRPC over HTTP/2; Dubbo Java and Go send `+proto`).
  static let request = ConstantHeaders(
    ("content-type", "application/grpc+proto"), ("te", "trailers"), ("user-agent", "dubbo-swift/1.0"))
  /// The same for messages in JSON.
  static let jsonRequest = ConstantHeaders(
    ("content-type", "application/grpc+json"), ("te", "trailers"), ("user-agent", "dubbo-swift/1.0"))
  /// The same for messages in another format, whose content type is in the request's block.
  static let bareRequest = ConstantHeaders(("te", "trailers"), ("user-agent", "dubbo-swift/1.0"))
  /// What begins every answer.
  static let response = ConstantHeaders(("content-type", "application/grpc"))
  /// The same to a request in JSON.
  static let jsonResponse = ConstantHeaders(("content-type", "application/grpc+json"))
  /// The trailers of a call that went well.
  static let success = ConstantHeaders(("grpc-status", "0"))

  /// What begins an answer to a request that names its format: constants, and for a format that is no constant a block
  /// with the content type.
  struct Answer: Sendable {
    let constants: ConstantHeaders
    let block: [UInt8]

    init(_ format: PayloadFormat) {
      var block: [UInt8] = []
      switch format {
      case .protobuf: constants = CallHeaders.response
      case .json: constants = CallHeaders.jsonResponse
      default:
        constants = .none
        CallHeaders.append(contentType: format, to: &block)
      }
      self.block = block
    }
  }

  /// Adds `content-type: application/grpc+SUBTYPE` to a block in the layout of `Metadata.block`.
  static func append(contentType format: PayloadFormat, to block: inout [UInt8]) {
    // A subtype has 64 bytes at most, so that one byte holds the value's length.
    let length = contentTypePrefix.count + format.subtype.utf8.count
    block.append(contentsOf: [0, UInt8(contentTypeName.count), 0, 0, 0, UInt8(truncatingIfNeeded: length)])
    block.append(contentsOf: contentTypeName)
    block.append(contentsOf: contentTypePrefix)
    block.append(contentsOf: format.subtype.utf8)
  }

  private static let contentTypeName = Array("content-type".utf8)
  private static let contentTypePrefix = Array("application/grpc+".utf8)

  /// Whether `name` belongs to the protocol and never reaches a user's metadata: HTTP's own fields, Triple's, and
  /// everything that begins with `grpc-`.
  static func isReserved(_ name: UnsafeRawBufferPointer) -> Bool {
    guard name.count >= 2 else { return false }
    switch name[0] {
    case UInt8(ascii: "a"): return equal(name, "accept-encoding")
    case UInt8(ascii: "c"): return equal(name, "content-type") || equal(name, "content-length")
    case UInt8(ascii: "g"): return name.count > 5 && equal(UnsafeRawBufferPointer(rebasing: name[..<5]), "grpc-")
    case UInt8(ascii: "h"): return equal(name, "host") || equal(name, "http-status")
    case UInt8(ascii: "t"):
      return equal(name, "te") || equal(name, "tri-service-version") || equal(name, "tri-service-group")
        || equal(name, "tri-header-convert") || equal(name, "tri-exception-code")
    default: return false
    }
  }

  /// Whether the bytes are those of `text`.
  static func equal(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
    guard bytes.count == text.utf8CodeUnitCount else { return false }
    let expected = UnsafeRawBufferPointer(start: text.utf8Start, count: bytes.count)
    var index = 0
    while bytes.count - index >= 8 {
      guard
        bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
          == expected.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      else { return false }
      index += 8
    }
    while index < bytes.count {
      if bytes[index] != expected[index] { return false }
      index += 1
    }
    return true
  }
}
