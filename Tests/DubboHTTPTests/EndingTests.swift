import DubboCore
import DubboHTTP
import TestDoubles
import Testing

@Suite struct EndingTests {
  private func answerAll(_ side: Side) {
    side.react = { event in
      guard case .headers(let stream, _) = event else { return }
      try? stream.respond(grpcHeaders, body: [1], trailers: grpcOK)
    }
  }

  @Test func `case 45: a graceful shutdown loses no request that is on its way`() throws {
    let wire = try Wire()
    answerAll(wire.server)
    wire.run()
    wire.server.session.shutDownGracefully(now: wire.now)
    let notice = wire.server.takeAll()
    // These cross the notice.
    let calls = try (0..<5).map { _ in try wire.open() }
    let requests = wire.client.takeAll()
    wire.client.receive(notice, now: wire.now)
    #expect(wire.client.log.last == "goaway 2147483647 NO_ERROR")
    #expect(wire.client.session.availableStreams == 0)
    wire.server.receive(requests, now: wire.now)
    wire.run()
    #expect(calls.allSatisfy { $0.log == ["headers", "data 1", "trailers", "closed NO_ERROR"] })
    #expect(wire.client.log.contains("goaway 9 NO_ERROR"))
    #expect(throws: HTTP2Refusal.noStreamAvailable) { _ = try wire.open() }
    #expect(wire.server.session.isFinished)
    #expect(wire.client.session.isFinished)
    #expect(wire.server.session.failure == nil)
  }

  @Test func `case 45: a request behind the answer to the last ping is not begun, for the GOAWAY says so`() throws {
    let peer = try RawPeer(.server)
    peer.send(Frames.request(1))
    peer.session.shutDownGracefully(now: peer.now)
    let ping = try #require(peer.flush().first { $0.kind == 6 })
    // A client sends answers to pings before requests that it made earlier in the same turn.
    let frames = peer.send(Frames.frame(6, flags: 1, ping.payload) + Frames.request(3))
    #expect(frames.first { $0.kind == 7 }?.payload.prefix(4) == [0, 0, 0, 1])
    #expect(peer.side.streams.map(\.id) == [1])
    try #require(peer.side.streams.first).respondWithoutBody(grpcHeaders)
    peer.flush()
    #expect(peer.session.isFinished)
  }

  @Test func `a graceful shutdown names the last stream after a time when the peer answers no ping`() throws {
    let peer = try RawPeer(.server)
    peer.send(Frames.request(1))
    peer.session.shutDownGracefully(now: peer.now)
    peer.session.shutDownGracefully(now: peer.now)
    #expect(peer.flush().filter { $0.kind == 7 }.count == 1)
    #expect(peer.session.nextDeadline == peer.now.advanced(by: .seconds(5)))
    peer.pass(.seconds(5))
    let frames = peer.flush()
    #expect(frames.map(\.kind) == [7])
    #expect(frames.first?.payload.prefix(4) == [0, 0, 0, 1])
    #expect(!peer.session.isFinished)
    try #require(peer.side.streams.first).respondWithoutBody(grpcHeaders)
    peer.flush()
    #expect(peer.session.isFinished)
  }

  @Test func `case 4: streams above the last one that a server took may be tried again`() throws {
    let peer = try RawPeer(.client)
    let head = RequestHead(authority: Array("h".utf8), path: Array("/p".utf8))
    let calls = (0..<3).map { _ in RecordingStream() }
    for call in calls { try peer.session.request(head, stream: call, body: .none) }
    peer.flush()
    peer.send(Frames.goAway(5))
    #expect(calls.map(\.isLive) == [true, true, true])
    peer.send(Frames.goAway(1))
    #expect(calls.map(\.closedWith) == [nil, .refusedStream, .refusedStream])
    peer.send(Frames.headers(1, [0x88], end: true))
    #expect(calls[0].closedWith == .noError)
    #expect(peer.session.isFinished)
  }

  @Test(arguments: [
    [Frames.goAway(0), Frames.goAway(0)], [Frames.goAway(0x7FFF_FFFF), Frames.goAway(3), Frames.goAway(1)],
    [Frames.goAway(1), Frames.goAway(5)], [Frames.goAway(2)], [Frames.goAway(0, 0xDEAD)],
  ])
  func `no order of GOAWAY frames harms either role`(_ frames: [[UInt8]]) throws {
    for role in [HTTP2Role.server, .client] {
      let peer = try RawPeer(role)
      if role == .server { peer.send(Frames.request(1)) }
      for frame in frames { peer.send(frame) }
      peer.session.close()
      for frame in frames { peer.send(frame) }
      #expect(peer.side.streams.allSatisfy { $0.closedWith != nil })
    }
  }

  @Test func `a session that dies tells each open stream once and then nothing more`() throws {
    let wire = try Wire()
    let calls = try (0..<10).map { try wire.open(body: $0 % 2 == 0 ? .stream : .whole([1, 2, 3])) }
    wire.run()
    let served = wire.server.streams
    try served[0].respond(grpcHeaders)
    _ = served[0].sendBody([1])
    for side in [wire.client, wire.server] {
      side.session.close(.internalError)
      side.session.close()
      side.drain()
      #expect(side.session.isFinished)
      #expect(side.session.liveStreams == 0)
      #expect(!side.session.needsFlush)
    }
    for stream in calls + served {
      #expect(stream.closedWith == .internalError)
      #expect(stream.log.filter { $0.hasPrefix("closed") }.count == 1)
      #expect(stream.sendBody([1]) == .closed)
      stream.reset(.cancel)
      stream.consume(1)
    }
    wire.client.receive(Frames.ping(), now: wire.now)
    #expect(wire.client.take().isEmpty)
    wire.client.session.ping()
    wire.client.session.goAway()
    wire.client.session.shutDownGracefully(now: wire.now)
    wire.client.session.check(now: .distantFuture)
    #expect(wire.client.session.nextDeadline == .distantFuture)
    #expect(wire.client.session.nextEvent() == nil)
  }

  @Test func `streams outlive a session that is dropped without being closed`() throws {
    var wire: Wire? = try Wire()
    let call = try #require(try wire?.open(body: .stream))
    wire?.run()
    let served = try #require(wire?.server.streams.first)
    wire = nil
    for stream in [call, served] {
      #expect(!stream.isLive)
      #expect(stream.sendBody([1]) == .closed)
      stream.reset(.cancel)
    }
  }

  @Test func `events that wait when a session ends are still told, in order`() throws {
    let peer = try RawPeer(.server)
    let bytes = Frames.request(1, end: false) + Frames.data(1, [1, 2, 3, 4, 5]) + Frames.reset(1) + Frames.request(3)
    try bytes.withUnsafeBytes { try peer.session.receive($0, now: peer.now) }
    peer.session.close()
    peer.side.drain()
    #expect(
      peer.side.log.suffix(5) == [
        "1 headers", "1 data 5", "1 closed CANCEL", "3 headers, end", "3 closed CANCEL",
      ])
  }

  @Test func `answers to streams that are already reset do no harm`() throws {
    let peer = try RawPeer(.server)
    let bytes = Frames.request(1) + Frames.reset(1)
    try bytes.withUnsafeBytes { try peer.session.receive($0, now: peer.now) }
    peer.side.react = { event in
      guard case .headers(let stream, _) = event else { return }
      #expect(throws: HTTP2Refusal.closed) { try stream.respond(grpcHeaders, body: [1], trailers: grpcOK) }
      stream.reset(.internalError)
    }
    peer.side.drain()
    #expect(peer.flush().allSatisfy { $0.kind != 1 })
    #expect(peer.end == nil)
  }

  @Test func `a connection error of the peer ends the session and says why`() throws {
    let peer = try RawPeer(.server)
    peer.send(Frames.request(1))
    // DATA on stream 0.
    let answer = peer.send(Frames.data(0, [1]))
    #expect(answer.last?.kind == 7)
    #expect(peer.end == .protocolError)
    #expect(peer.session.failure?.origin == .peer)
    #expect(peer.side.log.last == "failed")
    #expect(peer.session.isFinished)
    peer.session.close()
    peer.side.drain()
    #expect(peer.side.streams.first?.closedWith == .protocolError)
  }

  @Test func `a request that is cancelled before it left sends nothing but is closed`() throws {
    let wire = try Wire()
    wire.run()
    let call = try wire.open(body: .whole([1, 2, 3]))
    call.reset(.cancel)
    wire.run()
    #expect(call.closedWith == .cancel)
    #expect(wire.server.streams.isEmpty)
    #expect(wire.client.session.liveStreams == 0)
    #expect(wire.client.session.queuedBytes == 0)
  }

  @Test func `cases 14 and 15: a client asks for no more streams than the server allows`() throws {
    var settings = HTTP2Settings()
    settings.maxConcurrentStreams = 3
    let wire = try Wire(serverSettings: settings)
    #expect(wire.client.session.availableStreams == 100)
    wire.run()
    #expect(wire.client.session.availableStreams == 3)
    let calls = try (0..<3).map { _ in try wire.open() }
    #expect(wire.client.session.availableStreams == 0)
    #expect(throws: HTTP2Refusal.noStreamAvailable) { _ = try wire.open() }
    wire.run()
    calls[1].reset(.cancel)
    wire.run()
    #expect(wire.client.session.availableStreams == 1)
    _ = try wire.open()
    wire.run()
    #expect(wire.server.streams.count == 4)
  }

  @Test func `a ping is answered`() throws {
    let wire = try Wire()
    wire.client.session.ping()
    wire.run()
    #expect(wire.client.log.contains("pong"))
    #expect(!wire.server.log.contains("pong"))
  }
}
