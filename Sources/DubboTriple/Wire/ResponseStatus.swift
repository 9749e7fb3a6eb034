internal import DubboCore

/// How a response says that its call ended: by `grpc-status` in the trailers, or in the headers when there are no
/// trailers; by the HTTP status when the peer does not speak gRPC.
enum ResponseStatus {
  /// Nil when the call went well. `block` holds the last header block of the stream.
  static func failure(httpStatus: Int, block: [UInt8], isGRPC: Bool, peer: String) -> DubboError? {
    let metadata = Metadata(block: block)
    guard let range = metadata.firstValue(of: "grpc-status"), let code = number(metadata.block[range]) else {
      if isGRPC, httpStatus == 200 {
        return DubboError(
          .unknown, "\(peer) ended the call without a grpc-status", reason: .protocolViolation, progress: .answered)
      }
      return notGRPC(httpStatus: httpStatus, peer: peer)
    }
    if code == 0 { return nil }
    var user = userPart(of: metadata)
    // The provider's word on another attempt (gRPC A6) is for whoever makes it.
    if let pause = metadata["grpc-retry-pushback-ms"] { user.add(pause, for: "grpc-retry-pushback-ms") }
    let message = metadata.firstValue(of: "grpc-message").map { StatusMessage.decode(metadata.block[$0]) } ?? ""
    return DubboError(
      StatusCode(rawValue: code), message, reason: .status, progress: .answered, metadata: user,
      details: metadata.binaryValues(for: "grpc-status-details-bin").first ?? [])
  }

  /// For an answer that is not gRPC's at all: a proxy's error page, an HTTP/1.1 service.
  static func notGRPC(httpStatus: Int, peer: String) -> DubboError {
    DubboError(
      StatusCode(httpStatus: httpStatus),
      "\(peer) answered with HTTP status \(httpStatus) and not with gRPC; is there a proxy or another service?",
      reason: .protocolViolation, progress: .answered)
  }

  /// What of a header block is the user's.
  static func userPart(of metadata: Metadata) -> Metadata {
    let block = metadata.block
    var kept: [UInt8] = []
    block.withUnsafeBytes { bytes in
      for field in metadata.fields
      where !CallHeaders.isReserved(UnsafeRawBufferPointer(rebasing: bytes[field.name])) {
        // The entry begins with the lengths of both.
        kept.append(contentsOf: bytes[field.name.lowerBound - 6..<field.value.upperBound])
      }
    }
    return Metadata(block: kept)
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 9 else { return nil }
    var number = 0
    for digit in digits {
      guard digit &- UInt8(ascii: "0") < 10 else { return nil }
      number = number * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return number
  }
}
