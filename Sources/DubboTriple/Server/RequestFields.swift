internal import DubboCore

/// What a server needs of a request's header fields, found in one pass over their block; the rest is the user's.
struct RequestFields {
  /// `grpc` is gRPC's content type without a word on the format of the messages.
  enum ContentType: Equatable {
    case grpc
    case format(PayloadFormat)
    case missing, other
  }

  var contentType = ContentType.missing
  /// Nil when there is none; `isTimeoutValid` tells a bad one.
  var timeout: Duration?
  var isTimeoutValid = true
  /// Ranges in the block.
  var group = 0..<0
  var version = 0..<0
  /// What reaches the provider's method.
  var metadata = Metadata()

  init(block: [UInt8]) {
    var kept: [UInt8] = []
    block.withUnsafeBytes { bytes in
      var offset = 0
      while bytes.count - offset >= 6 {
        let nameCount = Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
        let valueCount =
          Int(bytes[offset + 2]) << 24 | Int(bytes[offset + 3]) << 16 | Int(bytes[offset + 4]) << 8
          | Int(bytes[offset + 5])
        let start = offset
        offset += 6 + nameCount + valueCount
        guard offset <= bytes.count else { break }
        let name = UnsafeRawBufferPointer(rebasing: bytes[start + 6..<start + 6 + nameCount])
        let value = UnsafeRawBufferPointer(rebasing: bytes[start + 6 + nameCount..<offset])
        if CallHeaders.isReserved(name) {
          note(name, value, at: start + 6 + nameCount..<offset)
        } else {
          if kept.isEmpty { kept.reserveCapacity(bytes.count - start) }
          kept.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start..<offset]))
        }
      }
    }
    metadata = Metadata(block: kept)
  }

  private mutating func note(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, at range: Range<Int>) {
    switch name.count {
    case 12 where CallHeaders.equal(name, "content-type"):
      contentType = Self.contentType(value)
    case 12 where CallHeaders.equal(name, "grpc-timeout"):
      timeout = GRPCTimeout.parse(value)
      isTimeoutValid = timeout != nil
    case 17 where CallHeaders.equal(name, "tri-service-group"):
      group = range
    case 19 where CallHeaders.equal(name, "tri-service-version"):
      version = range
    default:
      break
    }
  }

  /// `application/grpc`, alone or with `+proto` or `+json`, and whatever follows a semicolon.
  private static func contentType(_ value: UnsafeRawBufferPointer) -> ContentType {
    let end = value.firstIndex(of: UInt8(ascii: ";")) ?? value.count
    let type = UnsafeRawBufferPointer(rebasing: value[..<end])
    if CallHeaders.equal(type, "application/grpc+proto") { return .format(.protobuf) }
    if CallHeaders.equal(type, "application/grpc") { return .grpc }
    return CallHeaders.equal(type, "application/grpc+json") ? .format(.json) : .other
  }
}
