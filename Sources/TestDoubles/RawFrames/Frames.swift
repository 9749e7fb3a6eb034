/// HTTP/2 frames written by hand, so that wrong ones can be sent, and read back from a session's output.
package enum Frames {
  package static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  package static func frame(_ kind: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) -> [UInt8] {
    let length = UInt32(payload.count)
    return [UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255), kind, flags] + word(stream)
      + payload
  }

  package static func word(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }

  package static func data(_ stream: UInt32, _ bytes: [UInt8], end: Bool = false) -> [UInt8] {
    frame(0, flags: end ? 1 : 0, stream: stream, bytes)
  }

  package static func headers(_ stream: UInt32, _ block: [UInt8], end: Bool = false, complete: Bool = true) -> [UInt8] {
    frame(1, flags: (end ? 1 : 0) | (complete ? 4 : 0), stream: stream, block)
  }

  package static func continuation(_ stream: UInt32, _ block: [UInt8], complete: Bool) -> [UInt8] {
    frame(9, flags: complete ? 4 : 0, stream: stream, block)
  }

  package static func priority(_ stream: UInt32) -> [UInt8] { frame(2, stream: stream, [0, 0, 0, 0, 15]) }
  package static func reset(_ stream: UInt32, _ code: UInt32 = 8) -> [UInt8] { frame(3, stream: stream, word(code)) }
  package static func settings(_ pairs: (UInt16, UInt32)...) -> [UInt8] {
    frame(4, pairs.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 255)] + word($0.1) })
  }
  package static var settingsAnswer: [UInt8] { frame(4, flags: 1) }
  package static func ping(_ payload: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]) -> [UInt8] { frame(6, payload) }
  package static func goAway(_ last: UInt32, _ code: UInt32 = 0) -> [UInt8] { frame(7, word(last) + word(code)) }
  package static func window(_ stream: UInt32, _ increment: UInt32) -> [UInt8] {
    frame(8, stream: stream, word(increment))
  }

  // HPACK, without Huffman coding

  /// A field that is not indexed, or added to the dynamic table.
  package static func field(_ name: String, _ value: String, indexed: Bool = false) -> [UInt8] {
    [indexed ? 0x40 : 0] + text(name) + text(value)
  }

  package static func text(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    if bytes.count < 127 { return [UInt8(bytes.count)] + bytes }
    var prefix: [UInt8] = [127]
    var rest = bytes.count - 127
    while rest >= 128 {
      prefix.append(UInt8(rest & 127 | 128))
      rest >>= 7
    }
    return prefix + [UInt8(rest)] + bytes
  }

  /// POST http://h/p with more fields behind.
  package static func request(_ stream: UInt32, _ fields: [UInt8] = [], end: Bool = true) -> [UInt8] {
    headers(stream, requestBlock + fields, end: end)
  }

  package static var requestBlock: [UInt8] {
    [0x83, 0x86] + field(":path", "/p") + field(":authority", "h")
  }

  // gRPC

  /// A message behind its prefix.
  package static func message(_ bytes: [UInt8]) -> [UInt8] {
    [0] + word(UInt32(bytes.count)) + bytes
  }

  /// A call of `path`, without its body.
  package static func call(_ stream: UInt32, _ path: String, _ fields: [UInt8] = []) -> [UInt8] {
    headers(
      stream,
      [0x83, 0x86] + field(":path", path) + field(":authority", "h") + field("content-type", "application/grpc")
        + fields)
  }

  /// The headers that begin an answer.
  package static func answer(_ stream: UInt32) -> [UInt8] {
    headers(stream, [0x88] + field("content-type", "application/grpc"))
  }

  /// The trailers that end one.
  package static func status(_ stream: UInt32, _ code: Int = 0, _ fields: [UInt8] = []) -> [UInt8] {
    headers(stream, field("grpc-status", "\(code)") + fields, end: true)
  }

  /// A whole answer of one message.
  package static func reply(_ stream: UInt32, _ bytes: [UInt8]) -> [UInt8] {
    answer(stream) + data(stream, message(bytes)) + status(stream)
  }

  // Reading

  package struct Frame: Equatable, Sendable {
    package let kind: UInt8
    package let flags: UInt8
    package let stream: UInt32
    package let payload: [UInt8]

    package init(kind: UInt8, flags: UInt8, stream: UInt32, payload: [UInt8]) {
      self.kind = kind
      self.flags = flags
      self.stream = stream
      self.payload = payload
    }

    package var endsStream: Bool { flags & 1 != 0 && kind < 2 }
    /// The code of RST_STREAM, or of GOAWAY.
    package var code: UInt32 {
      let bytes = kind == 7 ? payload.dropFirst(4) : payload[...]
      return bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
  }

  package static func read(_ bytes: [UInt8]) -> [Frame] {
    var rest = bytes[...]
    return read(&rest)
  }

  /// Takes the whole frames off `bytes`, and a client's preface before them.
  package static func read(_ bytes: inout ArraySlice<UInt8>) -> [Frame] {
    if bytes.starts(with: preface) { bytes = bytes.dropFirst(preface.count) }
    var frames: [Frame] = []
    while bytes.count >= 9 {
      let head = Array(bytes.prefix(9))
      let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
      guard bytes.count >= 9 + length else { break }
      let stream = head[5...].reduce(0) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
      bytes = bytes.dropFirst(9)
      frames.append(Frame(kind: head[3], flags: head[4], stream: stream, payload: Array(bytes.prefix(length))))
      bytes = bytes.dropFirst(length)
    }
    return frames
  }
}
