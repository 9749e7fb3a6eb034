internal import DubboCore
internal import DubboHTTP

/// Cuts a stream of bytes into gRPC messages: one flag byte, four bytes of big-endian length, then the message
/// (gRPC over HTTP/2, Length-Prefixed-Message).
///
/// The length is judged before a byte of the message is kept, so a lying prefix costs its sender the call and this
/// side nothing.
struct MessageAssembler {
  private let limit: Int
  /// Messages may be compressed: then each comes in the marked form of `MessageCoding`.
  var marksCompression = false
  private var prefix: UInt64 = 0
  private var prefixCount = 0
  private var message: [UInt8] = []
  private var missing = 0

  init(limit: Int) {
    self.limit = limit
  }

  /// Whether the bytes so far end between two messages.
  var isAtBoundary: Bool { prefixCount == 0 }

  /// Takes bytes from the front of `bytes`. Returns a message once it is whole; nil when more bytes are needed.
  mutating func next(_ bytes: inout Slice<UnsafeRawBufferPointer>) throws(DubboError) -> [UInt8]? {
    if prefixCount < 5 {
      while prefixCount < 5 {
        guard let byte = bytes.popFirst() else { return nil }
        prefix = prefix << 8 | UInt64(byte)
        prefixCount += 1
      }
      try begin(flags: UInt8(truncatingIfNeeded: prefix >> 32), length: Int(prefix & 0xFFFF_FFFF))
    }
    let take = min(missing, bytes.count)
    if take == missing, message.isEmpty {
      // The usual case: the whole message lies in this piece.
      let whole = [UInt8](bytes.prefix(take))
      bytes = bytes.dropFirst(take)
      return end(whole)
    }
    if message.isEmpty { message.reserveCapacity(min(missing, max(take * 2, 16_384))) }
    message.append(contentsOf: bytes.prefix(take))
    bytes = bytes.dropFirst(take)
    missing -= take
    guard missing == 0 else { return nil }
    return end(message)
  }

  private mutating func begin(flags: UInt8, length: Int) throws(DubboError) {
    guard flags == 0 || (flags == 1 && marksCompression) else {
      if flags == 1 {
        throw DubboError(
          .internal, "a compressed message came without a grpc-encoding that says how", reason: .protocolViolation,
          progress: .answered)
      }
      throw DubboError(
        .internal, "a message began with the unknown flags \(flags)", reason: .protocolViolation,
        progress: .answered)
    }
    guard length <= limit else {
      throw DubboError(
        .resourceExhausted, "a message of \(length) bytes came, and the limit is \(limit) bytes", reason: .limit,
        progress: .answered)
    }
    missing = length
  }

  private mutating func end(_ whole: [UInt8]) -> [UInt8] {
    var whole = whole
    if marksCompression { whole.append(UInt8(truncatingIfNeeded: prefix >> 32)) }
    prefix = 0
    prefixCount = 0
    message = []
    missing = 0
    return whole
  }
}

/// The prefix that goes before a whole message: sent beside it, so that the message is not copied behind it.
func messagePrefix(_ message: [UInt8]) -> BodyPrefix {
  BodyPrefix(UInt64(UInt32(clamping: message.count)), count: 5)
}

/// Takes the flag off the marked form of a message and returns the prefix that says it.
func takePrefix(ofMarked message: inout [UInt8]) -> BodyPrefix {
  let flag = UInt64(message.popLast() ?? 0)
  return BodyPrefix(flag << 32 | UInt64(UInt32(clamping: message.count)), count: 5)
}

/// Appends a message and the prefix that goes before it.
func frame(_ message: [UInt8], isMarked: Bool = false, into bytes: inout [UInt8]) {
  guard isMarked else {
    messagePrefix(message).append(to: &bytes)
    bytes.append(contentsOf: message)
    return
  }
  var message = message
  takePrefix(ofMarked: &message).append(to: &bytes)
  bytes.append(contentsOf: message)
}
