/// What HTTP/2 forbids in a field although its characters are right, and what HPACK should not remember.
enum HeaderRules {
  /// Fields that belong to an HTTP/1.1 connection (RFC 9113, section 8.2.2).
  static func isForbidden(_ name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) -> Bool {
    switch name.count {
    case 2: equal(name, "te") && !equal(value, "trailers")
    case 7: equal(name, "upgrade")
    case 10: equal(name, "connection") || equal(name, "keep-alive")
    case 16: equal(name, "proxy-connection")
    case 17: equal(name, "transfer-encoding")
    default: false
    }
  }

  /// Values that differ from call to call would push everything else out of the peer's table of 4,096 bytes.
  static func isVolatile(_ name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) -> Bool {
    if value.count > 128 { return true }
    switch name.count {
    case 10: return equal(name, "tracestate")
    case 11: return equal(name, "traceparent") || equal(name, "tri-req-id")
    case 12: return equal(name, "grpc-timeout") || equal(name, "grpc-message") || equal(name, "x-request-id")
    default:
      if name.count > 10, equal(.init(rebasing: name[..<10]), "tri-trace-") { return true }
      return name.count > 4 && equal(.init(rebasing: name[(name.count - 4)...]), "-bin")
    }
  }

  static func equal(_ bytes: UnsafeBufferPointer<UInt8>, _ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard bytes.count == count else { return false }
    let start = text.utf8Start
    for index in 0..<count where bytes[index] != start[index] { return false }
    return true
  }
}
