import DubboCore
import DubboHTTP
import FuzzSupport

/// Any bytes from a peer, in any pieces, with an application that does anything at any time: nothing traps, every
/// stream ends exactly once, and the books are even.
///
/// The input is a script. Its first byte: bit 0 the role, bit 1 a peer that has greeted, bit 2 tight limits. Then steps:
/// below 128 that many bytes plus one are received; from 128 on the application acts, on the stream that the low bits
/// choose. The stored seeds are such scripts.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHTTP2(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 1 else { return 0 }
  let script = input(start, count)
  guard let run = try? Run(script[0]) else { return 0 }
  run.play(script.dropFirst())
  run.finish()
  return 0
}

private final class Call: HTTP2Stream {
  var closings = 0
  var received = 0
}

private final class Sink: ByteSink {
  var count = 0
  func append(_ bytes: UnsafeRawBufferPointer) { count += bytes.count }
}

private final class Run {
  private let session: HTTP2Session
  private var now = MonotonicInstant(nanoseconds: 1)
  private var calls: [Call] = []
  private let sink = Sink()
  private let constants = ConstantHeaders(("content-type", "application/grpc"))
  private let ok = ConstantHeaders(("grpc-status", "0"))

  init(_ kind: UInt8) throws {
    var limits = HTTP2Limits()
    var settings = HTTP2Settings()
    if kind & 4 != 0 {
      limits.maxUnreadBytes = 100
      limits.crowdedBytes = 200
      limits.maxQueuedBytes = 1_000
      limits.highWaterMark = 64
      limits.lowWaterMark = 16
      limits.turnBytes = 32
      settings.streamWindow = 50
      settings.maxConcurrentStreams = 4
    }
    let role = kind & 1 == 0 ? HTTP2Role.server : .client
    session = try HTTP2Session(role: role, settings: settings, limits: limits, makeStream: { Call() }, now: now)
    guard kind & 2 != 0 else { return }
    let preface = role == .server ? Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) : []
    receive((preface + [0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0])[...])
    if role == .client { for _ in 0..<3 { request(.stream) } }
  }

  func play(_ script: ArraySlice<UInt8>) {
    var rest = script
    while let step = rest.popFirst() {
      if step < 128 {
        let piece = rest.prefix(Int(step) + 1)
        rest = rest.dropFirst(piece.count)
        receive(piece)
      } else {
        act(step)
      }
      drain()
      check()
    }
  }

  private func receive(_ bytes: ArraySlice<UInt8>) {
    Array(bytes).withUnsafeBytes { buffer in
      try? session.receive(buffer, now: now)
      drain()
    }
  }

  private func request(_ body: HTTP2Session.RequestBody) {
    let call = Call()
    let head = RequestHead(authority: [104], path: [47, 112], constants: constants)
    if (try? session.request(head, stream: call, body: body)) != nil { calls.append(call) }
  }

  private func act(_ step: UInt8) {
    let call = calls.isEmpty ? nil : calls[calls.count - 1 - Int(step >> 5 & 3) % calls.count]
    switch step & 31 {
    case 0: try? call?.respond(constants, body: [UInt8](repeating: 1, count: 100), trailers: ok)
    case 1: try? call?.respond(constants)
    case 2: try? call?.respondWithoutBody(constants)
    case 3: _ = call?.sendBody([UInt8](repeating: 2, count: 40))
    case 4: _ = call?.sendBody([UInt8](repeating: 2, count: 70_000))
    case 5: _ = call?.sendBody { $0.append(3) }
    case 6: call?.finish()
    case 7: try? call?.finish(trailers: ok, block: [0, 1, 0, 0, 0, 1, 120, 121])
    case 8: call?.reset(.cancel)
    case 9: call?.consume(1_000_000)
    case 10: call?.consume(3)
    case 11: call?.consume(100)
    case 12: call?.holdSlot()
    case 13: call?.releaseSlot()
    case 14: request(.none)
    case 15: request(.whole([UInt8](repeating: 4, count: 50)))
    case 16: request(.stream)
    case 17: session.ping()
    case 18: session.shutDownGracefully(now: now)
    case 19: session.goAway()
    case 20: pass(.milliseconds(100))
    case 21: pass(.seconds(6))
    case 22: session.close()
    case 23: session.produce(into: sink, limit: 20)
    default: flush()
    }
  }

  private func pass(_ duration: Duration) {
    now = now.advanced(by: duration)
    session.check(now: now)
  }

  /// Everything leaves in a bounded number of rounds.
  private func flush() {
    var rounds = 0
    while session.needsFlush, rounds < 10_000 {
      session.produce(into: sink, limit: 65_536)
      drain()
      rounds += 1
    }
    require(!session.needsFlush, "the output does not come to an end")
  }

  private func drain() {
    while let event = session.nextEvent() {
      switch event {
      case .headers(let stream, _):
        if session.role == .server, let call = stream as? Call { calls.append(call) }
        open(stream)
      case .data(let stream, let bytes):
        (stream as? Call)?.received += bytes.reduce(0) { $0 + Int($1 & 1) }
        open(stream)
      case .end(let stream), .trailers(let stream), .drained(let stream): open(stream)
      case .closed(let stream, _): (stream as? Call)?.closings += 1
      case .settings, .pong, .goAway, .failed: break
      }
    }
  }

  private func open(_ stream: HTTP2Stream) {
    require((stream as? Call)?.closings == 0, "an event behind the end of its stream")
  }

  private func check() {
    require(session.openStreams.count == session.liveStreams, "the list of streams is torn")
    require(session.unreadBytes >= 0 && session.queuedBytes >= 0, "bytes are counted twice")
    let queued = session.openStreams.reduce(0) { $0 + $1.queuedBytes }
    require(session.queuedBytes == queued, "\(session.queuedBytes) bytes are queued by the books, and \(queued) are")
    for call in calls { require(call.closings == (call.isLive ? 0 : 1), "a stream ended \(call.closings) times") }
  }

  func finish() {
    flush()
    session.close()
    drain()
    check()
    require(session.liveStreams == 0 && session.unreadBytes == 0 && session.queuedBytes == 0, "something is left")
  }
}
