import DubboCore
import DubboHTTP

/// Output of a session, for a test.
final class Output: ByteSink {
  var bytes: [UInt8] = []
  func append(_ bytes: UnsafeRawBufferPointer) { self.bytes.append(contentsOf: bytes) }
}

/// A stream that remembers what happened to it.
final class RecordingStream: HTTP2Stream {
  var log: [String] = []
  var body: [UInt8] = []
  var closedWith: HTTP2ErrorCode?
}

/// A session with its recorded events.
final class Side {
  let session: HTTP2Session
  var log: [String] = []
  var streams: [RecordingStream] = []
  /// Called after an event is recorded.
  var react: (HTTP2Event) -> Void = { _ in }
  /// What the session has sent, frame by frame, as (kind, stream, flags, length).
  var sent: [UInt8] = []
  /// Bodies are consumed as they come unless a test wants to hold back.
  var consumes = true

  init(
    _ role: HTTP2Role, _ settings: HTTP2Settings = .init(), _ limits: HTTP2Limits = .init(),
    memory: CodecMemory = .init(), now: MonotonicInstant
  ) throws {
    session = try HTTP2Session(
      role: role, settings: settings, limits: limits, memory: memory, makeStream: { RecordingStream() }, now: now)
  }

  func drain() {
    while let event = session.nextEvent() {
      record(event)
      react(event)
    }
  }

  private func record(_ event: HTTP2Event) {
    switch event {
    case .headers(let stream, let endStream):
      guard let stream = stream as? RecordingStream else { return }
      if session.role == .server { streams.append(stream) }
      note(stream, endStream ? "headers, end" : "headers")
    case .data(let stream, let bytes):
      (stream as? RecordingStream)?.body.append(contentsOf: bytes)
      note(stream, "data \(bytes.count)")
      if consumes { stream.consume(bytes.count) }
    case .end(let stream): note(stream, "end")
    case .trailers(let stream): note(stream, "trailers")
    case .drained(let stream): note(stream, "drained")
    case .closed(let stream, let code):
      (stream as? RecordingStream)?.closedWith = code
      note(stream, "closed \(code)")
    case .settings: log.append("settings")
    case .pong: log.append("pong")
    case .goAway(let last, let code, _): log.append("goaway \(last) \(code)")
    case .failed: log.append("failed")
    }
  }

  private func note(_ stream: HTTP2Stream, _ text: String) {
    (stream as? RecordingStream)?.log.append(text)
    log.append("\(stream.id) \(text)")
  }

  /// Takes bytes as one read, and the events that follow.
  func receive(_ bytes: [UInt8], now: MonotonicInstant) {
    bytes.withUnsafeBytes { buffer in
      try? session.receive(buffer, now: now)
      drain()
    }
  }

  func take(limit: Int = 64 * 1_024) -> [UInt8] {
    let output = Output()
    session.produce(into: output, limit: limit)
    drain()
    sent += output.bytes
    return output.bytes
  }

  /// Pulls everything there is.
  func takeAll() -> [UInt8] {
    var all: [UInt8] = []
    while session.needsFlush { all += take() }
    return all
  }
}

/// A client and a server back to back, with a clock that a test turns.
final class Wire {
  var now = MonotonicInstant(nanoseconds: 1_000_000_000)
  let client: Side
  let server: Side

  init(
    clientSettings: HTTP2Settings = .init(), serverSettings: HTTP2Settings = .init(), limits: HTTP2Limits = .init(),
    memory: CodecMemory = .init()
  ) throws {
    client = try Side(.client, clientSettings, limits, memory: memory, now: now)
    server = try Side(.server, serverSettings, limits, memory: memory, now: now)
  }

  /// Carries bytes both ways until nobody has any.
  func run() {
    while client.session.needsFlush || server.session.needsFlush {
      let up = client.take()
      if !up.isEmpty { server.receive(up, now: now) }
      let down = server.take()
      if !down.isEmpty { client.receive(down, now: now) }
    }
  }

  func open(
    _ path: String = "/echo.Echo/UnaryEcho", body: HTTP2Session.RequestBody = .none, block: [UInt8] = []
  ) throws -> RecordingStream {
    let stream = RecordingStream()
    let head = RequestHead(
      authority: Array("localhost:50051".utf8), path: Array(path.utf8),
      constants: ConstantHeaders(("content-type", "application/grpc"), ("te", "trailers")), block: block)
    try client.session.request(head, stream: stream, body: body)
    client.streams.append(stream)
    return stream
  }
}

let grpcHeaders = ConstantHeaders(("content-type", "application/grpc"))
let grpcOK = ConstantHeaders(("grpc-status", "0"))

/// A flat header block, as `Metadata` lays it out.
func flat(_ fields: (String, String)...) -> [UInt8] {
  var block: [UInt8] = []
  for (name, value) in fields {
    withUnsafeBytes(of: UInt16(name.utf8.count).bigEndian) { block.append(contentsOf: $0) }
    withUnsafeBytes(of: UInt32(value.utf8.count).bigEndian) { block.append(contentsOf: $0) }
    block += Array(name.utf8)
    block += Array(value.utf8)
  }
  return block
}

func fields(_ block: [UInt8]) -> [String] {
  var result: [String] = []
  var rest = block[...]
  while rest.count >= 6 {
    let header = Array(rest.prefix(6))
    let name = Int(header[0]) << 8 | Int(header[1])
    let value = Int(header[2]) << 24 | Int(header[3]) << 16 | Int(header[4]) << 8 | Int(header[5])
    rest = rest.dropFirst(6)
    let text = String(decoding: rest.prefix(name), as: UTF8.self)
    rest = rest.dropFirst(name)
    result.append(text + ": " + String(decoding: rest.prefix(value), as: UTF8.self))
    rest = rest.dropFirst(value)
  }
  return result
}
