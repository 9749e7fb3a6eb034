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
  /// What begins every answer.
  static let response = ConstantHeaders(("content-type", "application/grpc"))
  /// The same to a request in JSON.
  static let jsonResponse = ConstantHeaders(("content-type", "application/grpc+json"))
  /// The trailers of a call that went well.
  static let success = ConstantHeaders(("grpc-status", "0"))

  /// Names that belong to the protocol and never reach a user's metadata.
  private static let reserved: [StaticString] = [
    "content-type", "te", "content-length", "accept-encoding", "host",
    "tri-service-version", "tri-service-group", "tri-header-convert", "tri-exception-code", "http-status",
  ]

  /// Whether `name` belongs to the protocol: HTTP's own, and everything that begins with `grpc-`.
  static func isReserved(_ name: UnsafeRawBufferPointer) -> Bool {
    if name.count > 5, name[0] == UInt8(ascii: "g"), equal(UnsafeRawBufferPointer(rebasing: name[..<5]), "grpc-") {
      return true
    }
    for candidate in reserved where candidate.utf8CodeUnitCount == name.count && equal(name, candidate) { return true }
    return false
  }

  /// Whether the bytes are those of `text`.
  static func equal(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
    guard bytes.count == text.utf8CodeUnitCount else { return false }
    let expected = text.utf8Start
    for index in 0..<bytes.count where bytes[index] != expected[index] { return false }
    return true
  }
}
