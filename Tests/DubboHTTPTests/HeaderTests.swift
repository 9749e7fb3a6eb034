import DubboHTTP
import TestDoubles
import Testing

@Suite struct HeaderTests {
  @Test func `a header list over the limit ends its stream alone, and HPACK stays in step`() throws {
    var limits = HTTP2Limits()
    limits.maxHeaderListSize = 2_000
    let peer = try RawPeer(.server, limits: limits)
    let large = Frames.field("x-large", String(repeating: "a", count: 3_000))
    // The field behind the one that is too much still enters the table.
    let late = Frames.field("x-late", "kept", indexed: true)
    let answer = peer.send(Frames.request(1, large + late))
    #expect(answer == [.init(kind: 3, flags: 0, stream: 1, payload: Frames.word(11))])
    #expect(peer.side.streams.isEmpty)
    // Index 62 is the newest entry of the dynamic table.
    peer.send(Frames.request(3, [0x80 | 62]))
    #expect(fields(peer.side.streams.first?.headerBlock ?? []) == ["x-late: kept"])
    #expect(peer.end == nil)
    #expect(peer.session.liveStreams == 1)
  }

  @Test func `too many fields end their stream alone`() throws {
    let peer = try RawPeer(.server)
    let many = (0..<201).flatMap { Frames.field("x\($0)", "") }
    #expect(peer.send(Frames.request(1, many)).map(\.code) == [11])
    let some = (0..<190).flatMap { Frames.field("x\($0)", "") }
    #expect(peer.send(Frames.request(3, some)).isEmpty)
    #expect(peer.side.streams.count == 1)
    #expect(fields(peer.side.streams.first?.headerBlock ?? []).count == 190)
  }

  @Test func `a small block that decodes to a huge list is cut off`() throws {
    let peer = try RawPeer(.server)
    var block = Frames.requestBlock + Frames.field("x-bomb", String(repeating: "b", count: 4_000), indexed: true)
    block += [UInt8](repeating: 0x80 | 62, count: 10_000)
    #expect(peer.send(Frames.headers(1, block, end: true)).map(\.code) == [11])
    #expect(peer.end == nil)
  }

  @Test
  func `lists over the limit count eightfold among the resets that a peer provokes, before any of these has left`()
    throws
  {
    let peer = try RawPeer(.server)
    let entry = Frames.field("x-bomb", String(repeating: "b", count: 4_000), indexed: true)
    let references = [UInt8](repeating: 0x80 | 62, count: 1_000)
    var lists = 0
    while peer.end == nil, lists < 100 {
      let block = Frames.requestBlock + (lists == 0 ? entry : []) + references
      peer.side.receive(Frames.headers(UInt32(2 * lists + 1), block, end: true), now: peer.now)
      lists += 1
    }
    #expect(lists == 200 / 8 + 1)
    #expect(peer.end == .enhanceYourCalm)
  }

  @Test(arguments: [
    ("X-Upper", "v"), ("connection", "close"), ("transfer-encoding", "chunked"), ("te", "gzip"), ("x-cr", "a\rb"),
    ("x-lf", "a\nb"), ("x-nul", "a\0b"), ("", "v"), ("x y", "v"), (":extra", "v"),
  ])
  func `a request with a field that HTTP2 forbids is reset and not reported`(_ name: String, _ value: String) throws {
    let peer = try RawPeer(.server)
    let answer = peer.send(Frames.request(1, Frames.field(name, value)))
    // Releases of the library differ between a stream error and a connection error.
    #expect(answer.first.map { $0.kind == 3 || $0.kind == 7 } == true)
    #expect(answer.filter { $0.kind == 3 }.count <= 1)
    #expect(peer.side.streams.isEmpty)
    if peer.end == nil {
      peer.send(Frames.request(3))
      #expect(peer.side.streams.count == 1)
    }
  }

  @Test func `pseudo-headers that are missing, repeated or late reset the stream`() throws {
    let peer = try RawPeer(.server)
    peer.send(Frames.headers(1, [0x83, 0x86], end: true))
    peer.send(Frames.headers(3, [0x83, 0x83, 0x86] + Frames.field(":path", "/"), end: true))
    peer.send(Frames.headers(5, Frames.field("x", "y") + Frames.requestBlock, end: true))
    #expect(peer.side.streams.isEmpty)
    #expect(peer.session.liveStreams == 0)
  }

  @Test func `CONTINUATION frames carry a block, up to a limit`() throws {
    let peer = try RawPeer(.server)
    peer.send(Frames.headers(1, Frames.requestBlock, end: true, complete: false))
    peer.send(Frames.continuation(1, Frames.field("a", "1"), complete: false))
    #expect(peer.side.streams.isEmpty)
    peer.send(Frames.continuation(1, Frames.field("b", "2"), complete: true))
    #expect(fields(peer.side.streams.first?.headerBlock ?? []) == ["a: 1", "b: 2"])

    peer.send(Frames.headers(3, Frames.requestBlock, end: true, complete: false))
    for _ in 0..<200 { peer.send(Frames.continuation(3, [], complete: false)) }
    #expect(peer.end == .enhanceYourCalm)
    #expect(peer.session.isFinished)
    #expect(peer.side.streams.first?.closedWith == .enhanceYourCalm)
  }

  @Test func `a client takes informational responses and header limits of the response`() throws {
    let peer = try RawPeer(.client)
    let call = RecordingStream()
    let head = RequestHead(authority: Array("h".utf8), path: Array("/p".utf8))
    try peer.session.request(head, stream: call, body: .none)
    peer.flush()
    peer.send(Frames.headers(1, Frames.field(":status", "103")))
    #expect(call.log.isEmpty)
    peer.send(Frames.headers(1, [0x88] + Frames.field("x", "y")))
    peer.send(Frames.headers(1, Frames.field("grpc-status", "0"), end: true))
    #expect(call.log == ["headers", "trailers", "closed NO_ERROR"])
    #expect(call.status == 200)

    let second = RecordingStream()
    try peer.session.request(head, stream: second, body: .none)
    peer.flush()
    let large = (0..<2).flatMap { Frames.field("x\($0)", String(repeating: "a", count: 9_000)) }
    peer.send(
      Frames.headers(3, [0x88] + large.prefix(16_000), complete: false)
        + Frames.continuation(3, Array(large.dropFirst(16_000)), complete: true))
    #expect(second.closedWith == .enhanceYourCalm)
    #expect(second.resetReason == .headerListTooLarge)
  }

  // MARK: What we send

  @Test(arguments: [
    ("Upper", "v"), ("", "v"), (":path", "/x"), ("a b", "v"), ("connection", "close"), ("keep-alive", "1"),
    ("te", "deflate"), ("upgrade", "h2c"), ("proxy-connection", "x"), ("x", "a\rb"), ("x", "a\nb"), ("x", "a\0b"),
    ("x", " a"), ("x", "a\t"),
  ])
  func `a field that HTTP2 forbids is refused before anything is sent`(_ name: String, _ value: String) throws {
    let wire = try Wire()
    wire.run()
    let before = wire.client.sent.count
    let refusal = #expect(throws: HTTP2Refusal.self) { _ = try wire.open(block: flat((name, value))) }
    guard case .invalidHeader = refusal else {
      Issue.record("refused for another reason: \(String(describing: refusal))")
      return
    }
    wire.run()
    #expect(wire.client.sent.count == before)
    // The connection and the next call are unharmed.
    let call = try wire.open(block: flat(("x", ""), ("te", "trailers"), ("x-bin", "AAEC")))
    wire.run()
    #expect(call.isLive)
    #expect(wire.server.streams.count == 1)
  }

  @Test func `a header block that is cut off is refused`() throws {
    let wire = try Wire()
    let whole = flat(("name", "value"))
    for length in 1..<whole.count {
      #expect(throws: HTTP2Refusal.invalidHeader("the header block is cut off")) {
        _ = try wire.open(block: Array(whole.prefix(length)))
      }
    }
    #expect(throws: HTTP2Refusal.self) { _ = try wire.open(block: [0, 1, 255, 255, 255, 255, 97]) }
  }

  @Test func `a path with forbidden characters is refused`() throws {
    let wire = try Wire()
    for path in ["", "/a\r\nb", "/a\0"] {
      #expect(throws: HTTP2Refusal.self) { _ = try wire.open(path) }
    }
  }

  @Test func `headers and trailers larger than the peer takes are refused, and others go through`() throws {
    let peer = try RawPeer(.server)
    peer.send(Frames.settings((6, 1_000)))
    peer.send(Frames.request(1))
    let served = try #require(peer.side.streams.first)
    let large = flat(("x", String(repeating: "a", count: 1_000)))
    #expect(throws: HTTP2Refusal.headerListTooLarge(size: 1_135, limit: 1_000)) {
      try served.respond(grpcHeaders, block: large)
    }
    try served.respond(grpcHeaders)
    #expect(throws: HTTP2Refusal.self) { try served.finish(trailers: grpcOK, block: large) }
    try served.finish(trailers: grpcOK, block: flat(("x", "small")))
    #expect(peer.flush().map(\.kind) == [1, 1])
    #expect(served.closedWith == .noError)
  }

  @Test func `our own limit of a header list holds also for a peer without one`() throws {
    let wire = try Wire()
    wire.run()
    let block = flat(("x", String(repeating: "a", count: 61 * 1_024)))
    #expect(throws: HTTP2Refusal.self) { _ = try wire.open(block: block) }
  }

  @Test func `trailers that the peer stops taking meanwhile reset the stream instead of leaving it open`() throws {
    let peer = try RawPeer(.server)
    peer.send(Frames.request(1) + Frames.settings((4, 10)))
    let served = try #require(peer.side.streams.first)
    try served.respond(
      grpcHeaders, body: .init(repeating: 1, count: 20), trailers: grpcOK,
      trailerBlock: flat(("x", String(repeating: "a", count: 500))))
    peer.flush()
    peer.send(Frames.settings((6, 100)))
    let answer = peer.send(Frames.window(1, 1_000))
    #expect(answer.last?.kind == 3)
    #expect(answer.last?.code == 2)
    #expect(served.closedWith == .internalError)
    #expect(served.resetReason == .unsendable)
  }
}
