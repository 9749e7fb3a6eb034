/// HTTP/2 frames written by hand, so that wrong ones can be sent, and read back from a session's output.
enum Frames {
  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  static func frame(_ kind: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) -> [UInt8] {
    let length = UInt32(payload.count)
    return [UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255), kind, flags] + word(stream)
      + payload
  }

  static func word(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }

  static func data(_ stream: UInt32, _ bytes: [UInt8], end: Bool = false) -> [UInt8] {
    frame(0, flags: end ? 1 : 0, stream: stream, bytes)
  }

  static func headers(_ stream: UInt32, _ block: [UInt8], end: Bool = false, complete: Bool = true) -> [UInt8] {
    frame(1, flags: (end ? 1 : 0) | (complete ? 4 : 0), stream: stream, block)
  }

  static func continuation(_ stream: UInt32, _ block: [UInt8], complete: Bool) -> [UInt8] {
    frame(9, flags: complete ? 4 : 0, stream: stream, block)
  }

  static func priority(_ stream: UInt32) -> [UInt8] { frame(2, stream: stream, [0, 0, 0, 0, 15]) }
  static func reset(_ stream: UInt32, _ code: UInt32 = 8) -> [UInt8] { frame(3, stream: stream, word(code)) }
  static func settings(_ pairs: (UInt16, UInt32)...) -> [UInt8] {
    frame(4, pairs.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 255)] + word($0.1) })
  }
  static var settingsAnswer: [UInt8] { frame(4, flags: 1) }
  static func ping(_ payload: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]) -> [UInt8] { frame(6, payload) }
  static func goAway(_ last: UInt32, _ code: UInt32 = 0) -> [UInt8] { frame(7, word(last) + word(code)) }
  static func window(_ stream: UInt32, _ increment: UInt32) -> [UInt8] { frame(8, stream: stream, word(increment)) }

  // HPACK, without Huffman coding

  /// A field that is not indexed, or added to the dynamic table.
  static func field(_ name: String, _ value: String, indexed: Bool = false) -> [UInt8] {
    [indexed ? 0x40 : 0] + text(name) + text(value)
  }

  static func text(_ text: String) -> [UInt8] {
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
  static func request(_ stream: UInt32, _ fields: [UInt8] = [], end: Bool = true) -> [UInt8] {
    headers(stream, requestBlock + fields, end: end)
  }

  static var requestBlock: [UInt8] {
    [0x83, 0x86] + field(":path", "/p") + field(":authority", "h")
  }

  // Reading

  struct Frame: Equatable {
    let kind: UInt8
    let flags: UInt8
    let stream: UInt32
    let payload: [UInt8]

    var endsStream: Bool { flags & 1 != 0 && kind < 2 }
    /// The code of RST_STREAM, or of GOAWAY.
    var code: UInt32 {
      let bytes = kind == 7 ? payload.dropFirst(4) : payload[...]
      return bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
  }

  static func read(_ bytes: [UInt8]) -> [Frame] {
    var rest = bytes[...]
    if rest.starts(with: preface) { rest = rest.dropFirst(preface.count) }
    var frames: [Frame] = []
    while rest.count >= 9 {
      let head = Array(rest.prefix(9))
      let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
      let stream = head[5...].reduce(0) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
      rest = rest.dropFirst(9)
      guard rest.count >= length else { break }
      frames.append(Frame(kind: head[3], flags: head[4], stream: stream, payload: Array(rest.prefix(length))))
      rest = rest.dropFirst(length)
    }
    return frames
  }
}
