import DubboHTTP
import Testing

@Suite struct CallTests {
  @Test func `a unary call crosses two engines and closes on both`() throws {
    let wire = try Wire()
    wire.server.react = { event in
      guard case .end(let stream) = event, let stream = stream as? RecordingStream else { return }
      try? stream.respond(
        grpcHeaders, block: flat(("x-reply", "yes")), body: stream.body, trailers: grpcOK,
        trailerBlock: flat(("x-done", "1")))
    }
    let call = try wire.open(
      body: .whole([0, 0, 0, 0, 3, 1, 2, 3]), block: flat(("x-ask", "why"), ("grpc-timeout", "1S")))
    wire.run()

    let request = try #require(wire.server.streams.first)
    #expect(String(decoding: request.path, as: UTF8.self) == "/echo.Echo/UnaryEcho")
    #expect(String(decoding: request.method, as: UTF8.self) == "POST")
    #expect(String(decoding: request.scheme, as: UTF8.self) == "http")
    #expect(String(decoding: request.authority, as: UTF8.self) == "localhost:50051")
    #expect(
      fields(request.headerBlock) == [
        "content-type: application/grpc", "te: trailers", "x-ask: why", "grpc-timeout: 1S",
      ])
    #expect(request.log == ["headers", "data 8", "end", "closed NO_ERROR"])
    #expect(call.log == ["headers", "data 8", "trailers", "closed NO_ERROR"])
    #expect(call.status == 200)
    #expect(call.body == [0, 0, 0, 0, 3, 1, 2, 3])
    #expect(fields(call.headerBlock) == ["content-type: application/grpc", "x-reply: yes"])
    #expect(fields(call.trailerBlock) == ["grpc-status: 0", "x-done: 1"])
    #expect(wire.client.session.liveStreams == 0)
    #expect(wire.server.session.liveStreams == 0)
    #expect(wire.server.session.queuedBytes == 0)
    #expect(wire.server.session.unreadBytes == 0)
  }

  /// Keeps what begins with `k-`.
  final class KeepingStream: HTTP2Stream {
    var kept: [String] = []
    override func keep(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
      let name = String(decoding: name, as: UTF8.self)
      guard name.hasPrefix("k-") else { return false }
      kept.append("\(name): \(String(decoding: value, as: UTF8.self))")
      return true
    }
  }

  @Test func `a stream may keep fields of its head, which are then not in the block; trailers are all in theirs`()
    throws
  {
    let wire = try Wire()
    let server = try HTTP2Session(role: .server, makeStream: { KeepingStream() }, now: wire.now)
    let call = try wire.open(body: .stream, block: flat(("k-one", "1"), ("x-two", "2"), ("k-three", "3")))
    try call.finish(trailers: .none, block: flat(("k-four", "4")))
    let bytes = wire.client.take()
    bytes.withUnsafeBytes { try? server.receive($0, now: wire.now) }
    var seen: KeepingStream?
    while let event = server.nextEvent() {
      if case .headers(let stream, _) = event { seen = stream as? KeepingStream }
    }
    let stream = try #require(seen)
    #expect(stream.kept == ["k-one: 1", "k-three: 3"])
    #expect(fields(stream.headerBlock).filter { !$0.hasPrefix("content-type") && !$0.hasPrefix("te") } == ["x-two: 2"])
    #expect(fields(stream.trailerBlock) == ["k-four: 4"])
  }

  @Test(arguments: [1, 2, 4, 5, 6, 65_535])
  func `a prefix goes before its body, through a window of any size`(window: UInt32) throws {
    var settings = HTTP2Settings()
    settings.streamWindow = window
    let wire = try Wire(clientSettings: settings)
    wire.server.react = { event in
      guard case .headers(let stream, _) = event else { return }
      try? stream.respond(
        grpcHeaders, prefix: BodyPrefix(0x03, count: 5), body: [7, 8, 9], trailers: grpcOK)
    }
    let call = try wire.open()
    wire.run()
    #expect(call.body == [0, 0, 0, 0, 3, 7, 8, 9])
    #expect(call.closedWith == .noError)
    #expect(wire.server.session.queuedBytes == 0)
  }

  @Test func `sessions of a loop share memory, which outlives each of them`() throws {
    let memory = CodecMemory()
    for round in 0..<20 {
      let wire = try Wire(memory: memory)
      wire.server.react = { event in
        guard case .end(let stream) = event, let stream = stream as? RecordingStream else { return }
        try? stream.respond(grpcHeaders, body: stream.body, trailers: grpcOK)
      }
      let payload = [UInt8](repeating: UInt8(round), count: 1 << round % 15)
      let calls = try (0..<50).map { _ in try wire.open(body: .whole(payload)) }
      wire.run()
      for call in calls { #expect(call.body == payload) }
    }
  }

  @Test func `a trailers-only answer is one header block`() throws {
    let wire = try Wire()
    wire.server.react = { event in
      guard case .headers(let stream, true) = event else { return }
      try? stream.respondWithoutBody(grpcHeaders, block: flat(("grpc-status", "12")))
    }
    let call = try wire.open()
    wire.run()
    #expect(call.log == ["headers, end", "closed NO_ERROR"])
    #expect(fields(call.headerBlock).last == "grpc-status: 12")
  }

  @Test func `bidirectional messages flow both ways before either side ends`() throws {
    let wire = try Wire()
    let call = try wire.open(body: .stream)
    wire.run()
    let served = try #require(wire.server.streams.first)
    try served.respond(grpcHeaders)
    #expect(call.sendBody([1, 2, 3]) == .sent)
    #expect(served.sendBody { $0.append(contentsOf: [9]) } == .sent)
    wire.run()
    #expect(served.body == [1, 2, 3])
    #expect(call.body == [9])
    #expect(call.sendBody([4]) == .sent)
    call.finish()
    #expect(call.sendBody([5]) == .closed)
    wire.run()
    #expect(served.body == [1, 2, 3, 4])
    #expect(served.log.last == "end")
    #expect(served.sendBody([8]) == .sent)
    try served.finish(trailers: grpcOK)
    wire.run()
    #expect(call.body == [9, 8])
    #expect(call.log.suffix(2) == ["trailers", "closed NO_ERROR"])
    #expect(served.closedWith == .noError)
  }

  @Test func `trailers never overtake a body that waits for the window`() throws {
    let wire = try Wire()
    wire.client.consumes = false
    let call = try wire.open()
    wire.run()
    let served = try #require(wire.server.streams.first)
    let body = [UInt8](repeating: 7, count: 600_000)
    try served.respond(grpcHeaders, body: body, trailers: grpcOK)
    wire.run()
    #expect(call.body.count == 256 * 1_024)
    #expect(!call.log.contains("trailers"))
    wire.client.consumes = true
    call.consume(call.body.count)
    wire.run()
    #expect(call.body == body)
    #expect(call.log.suffix(2) == ["trailers", "closed NO_ERROR"])
  }

  @Test func `a server that answers early ends the request with NO_ERROR and frees the stream`() throws {
    let wire = try Wire()
    let call = try wire.open(body: .stream)
    wire.run()
    let served = try #require(wire.server.streams.first)
    try served.respondWithoutBody(grpcHeaders, block: flat(("grpc-status", "3")))
    wire.run()
    #expect(call.log == ["headers, end", "closed NO_ERROR"])
    #expect(served.closedWith == .noError)
    #expect(wire.client.session.liveStreams == 0)
    #expect(wire.server.session.liveStreams == 0)
  }

  @Test func `a reset reaches the other side with its code and drops what is queued`() throws {
    let wire = try Wire()
    wire.server.consumes = false
    let call = try wire.open(body: .stream)
    wire.run()
    let served = try #require(wire.server.streams.first)
    _ = call.sendBody([UInt8](repeating: 1, count: 500_000))
    wire.run()
    call.reset(.cancel)
    call.reset(.internalError)
    wire.run()
    #expect(served.closedWith == .cancel)
    #expect(call.closedWith == .cancel)
    #expect(wire.client.session.queuedBytes == 0)
    #expect(wire.server.session.unreadBytes == 0)
    #expect(call.sendBody([1]) == .closed)
    #expect(throws: HTTP2Refusal.closed) { try served.respond(grpcHeaders) }
  }

  @Test func `calls on a stream whose time has passed do nothing`() throws {
    let wire = try Wire()
    let call = try wire.open()
    wire.run()
    let served = try #require(wire.server.streams.first)
    try served.respondWithoutBody(grpcHeaders)
    #expect(throws: HTTP2Refusal.outOfOrder) { try served.respondWithoutBody(grpcHeaders) }
    wire.run()
    for stream in [call, served] {
      #expect(!stream.isLive)
      stream.consume(10)
      stream.reset(.cancel)
      stream.finish()
      #expect(stream.sendBody([1]) == .closed)
    }
    #expect(call.log == ["headers, end", "closed NO_ERROR"])
    #expect(throws: HTTP2Refusal.noStreamAvailable) {
      try wire.client.session.request(RequestHead(authority: [1], path: [2]), stream: call, body: .none)
    }
  }
}
