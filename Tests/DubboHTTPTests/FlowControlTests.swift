import DubboHTTP
import TestDoubles
import Testing

@Suite struct FlowControlTests {
  private func small(_ window: UInt32) -> HTTP2Settings {
    var settings = HTTP2Settings()
    settings.streamWindow = window
    return settings
  }

  @Test func `a reader that takes nothing stops its sender at the stream's window`() throws {
    let wire = try Wire(serverSettings: small(10_000))
    wire.server.consumes = false
    wire.run()
    let call = try wire.open(body: .whole(.init(repeating: 1, count: 50_000)))
    wire.run()
    let served = try #require(wire.server.streams.first)
    #expect(served.body.count == 10_000)
    #expect(wire.server.session.unreadBytes == 10_000)
    #expect(wire.client.session.queuedBytes == 40_000)
    served.consume(4_999)
    wire.run()
    #expect(served.body.count == 10_000)
    served.consume(1)
    wire.run()
    #expect(served.body.count == 15_000)
    _ = call
  }

  @Test func `an unread stream does not hold up its neighbours on the connection`() throws {
    var settings = HTTP2Settings()
    settings.connectionWindow = 65_535
    settings.streamWindow = 60_000
    let wire = try Wire(serverSettings: settings)
    wire.server.consumes = false
    wire.run()
    _ = try wire.open("/unread", body: .whole(.init(repeating: 1, count: 1_000_000)))
    wire.run()
    wire.server.consumes = true
    _ = try wire.open("/read", body: .whole(.init(repeating: 2, count: 1_000_000)))
    wire.run()
    let served = try #require(wire.server.streams.last)
    #expect(served.body.count == 1_000_000)
    #expect(wire.server.streams.first?.body.count == 60_000)
  }

  @Test func `what a connection may leave unread has a bound over all its streams`() throws {
    var limits = HTTP2Limits()
    limits.maxUnreadBytes = 100_000
    var settings = HTTP2Settings()
    settings.connectionWindow = 65_535
    settings.streamWindow = 50_000
    let wire = try Wire(serverSettings: settings, limits: limits)
    wire.server.consumes = false
    wire.run()
    for _ in 0..<20 { _ = try wire.open(body: .whole(.init(repeating: 1, count: 50_000))) }
    wire.run()
    let held = wire.server.session.unreadBytes
    #expect(held > 100_000)
    #expect(held <= 100_000 + 2 * 65_535)
    // Taking what is there lets the rest through.
    for _ in 0..<20 {
      for stream in wire.server.streams { stream.consume(50_000) }
      wire.run()
    }
    #expect(wire.server.streams.map(\.body.count) == .init(repeating: 50_000, count: 20))
  }

  @Test func `bytes of calls that are cancelled unread are given back to the connection`() throws {
    var settings = HTTP2Settings()
    settings.connectionWindow = 65_535
    settings.streamWindow = 30_000
    let wire = try Wire(serverSettings: settings)
    wire.server.consumes = false
    wire.run()
    for _ in 0..<10 {
      let call = try wire.open(body: .whole(.init(repeating: 1, count: 40_000)))
      wire.run()
      call.reset(.cancel)
      wire.run()
    }
    #expect(wire.server.streams.map(\.body.count) == .init(repeating: 30_000, count: 10))
    #expect(wire.server.session.unreadBytes == 0)
  }

  @Test func `case 15: a window that SETTINGS made negative lets data through when it is positive again`() throws {
    let peer = try RawPeer(.server)
    peer.send(Frames.request(1))
    let served = try #require(peer.side.streams.first)
    try served.respond(grpcHeaders, body: .init(repeating: 5, count: 100_000), trailers: grpcOK)
    let first = peer.flush().filter { $0.kind == 0 }.map(\.payload.count).reduce(0, +)
    #expect(first == 65_535)
    // The window is now 10 - 65,535 for this stream.
    peer.send(Frames.settings((4, 10)) + Frames.window(0, 1_000_000))
    #expect(peer.send(Frames.window(1, 65_525)).filter { $0.kind == 0 }.isEmpty)
    let next = peer.send(Frames.window(1, 7)).filter { $0.kind == 0 }
    #expect(next.map(\.payload.count) == [7])
    let rest = peer.send(Frames.window(1, 100_000))
    #expect(rest.filter { $0.kind == 0 }.map(\.payload.count).reduce(0, +) == 100_000 - 65_542)
    #expect(rest.last?.kind == 1)
  }

  @Test func `a writer is told to wait above the mark and woken below the lower one`() throws {
    let wire = try Wire(clientSettings: small(20_000))
    wire.client.consumes = false
    wire.run()
    let call = try wire.open(body: .none)
    wire.run()
    let served = try #require(wire.server.streams.first)
    try served.respond(grpcHeaders)
    let message = [UInt8](repeating: 3, count: 30_000)
    #expect(served.sendBody(message) == .sent)
    #expect(served.sendBody(message) == .sent)
    #expect(served.sendBody(message) == .sentAndFull)
    #expect(served.sendBody(message) == .full)
    #expect(served.queuedBytes == 90_000)
    wire.run()
    #expect(!served.log.contains("drained"))
    for _ in 0..<3 {
      call.consume(20_000)
      wire.run()
    }
    #expect(served.log.filter { $0 == "drained" } == ["drained"])
    #expect(served.queuedBytes == 10_000)
    #expect(served.sendBody(message) == .sent)
    call.consume(20_000)
    wire.run()
    #expect(served.log.filter { $0 == "drained" } == ["drained"])
  }
}
