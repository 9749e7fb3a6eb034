import DubboHTTP
import TestDoubles
import Testing

@Suite struct FairnessTests {
  private static let body = [UInt8](repeating: 1, count: 400_000)

  private static var wide: HTTP2Settings {
    var settings = HTTP2Settings()
    settings.streamWindow = 16 * 1_024 * 1_024
    settings.connectionWindow = 64 * 1_024 * 1_024
    return settings
  }

  /// How far apart streams may be: one turn and the frame that goes beyond it.
  private static let spread = HTTP2Limits().turnBytes + 2 * 16_384

  private func expectTurns(_ sent: [UInt8], streams: [UInt32], size: Int) {
    var bytes: [UInt32: Int] = [:]
    for stream in streams { bytes[stream] = 0 }
    for frame in Frames.read(sent) where frame.kind == 0 {
      bytes[frame.stream, default: 0] += frame.payload.count
      let counts = bytes.values.filter { $0 < size }
      if let least = counts.min(), let most = counts.max() { #expect(most - least <= Self.spread) }
    }
    #expect(streams.allSatisfy { bytes[$0] == size })
  }

  @Test func `a server shares the connection among its long responses`() throws {
    let wire = try Wire(clientSettings: Self.wide)
    wire.server.react = { event in
      guard case .headers(let stream, _) = event else { return }
      try? stream.respond(grpcHeaders, body: Self.body, trailers: grpcOK)
    }
    let calls = try (0..<3).map { _ in try wire.open() }
    wire.run()
    expectTurns(wire.server.sent, streams: [1, 3, 5], size: Self.body.count)
    #expect(calls.allSatisfy { $0.log.suffix(2) == ["trailers", "closed NO_ERROR"] })
  }

  @Test func `a client shares the connection among its long uploads`() throws {
    let wire = try Wire(serverSettings: Self.wide)
    wire.run()
    for _ in 0..<3 { _ = try wire.open(body: .whole(Self.body)) }
    wire.run()
    expectTurns(wire.client.sent, streams: [1, 3, 5], size: Self.body.count)
    #expect(wire.server.streams.allSatisfy { $0.log.last == "end" })
  }

  @Test func `case 52: an endless stream does not delay a small answer beside it`() throws {
    let wire = try Wire(clientSettings: Self.wide)
    let endless = try wire.open("/endless")
    wire.run()
    let source = try #require(wire.server.streams.first)
    try source.respond(grpcHeaders)
    let message = [UInt8](repeating: 1, count: 60_000)
    wire.server.react = { event in
      switch event {
      case .drained(let stream): while stream.sendBody(message) == .sent {}
      case .headers(let stream, _): try? stream.respond(grpcHeaders, body: [1, 2, 3], trailers: grpcOK)
      default: break
      }
    }
    while source.sendBody(message) == .sent {}
    let quick = try wire.open("/quick")
    let request = wire.client.takeAll()
    // Before the request arrives the endless stream alone keeps the connection full.
    for _ in 0..<10 { wire.client.receive(wire.server.take(limit: 65_536), now: wire.now) }
    wire.server.receive(request, now: wire.now)
    let before = endless.body.count
    wire.client.receive(wire.server.take(limit: 65_536), now: wire.now)
    #expect(quick.body == [1, 2, 3])
    #expect(quick.closedWith == .noError)
    #expect(endless.body.count - before <= 65_536 + 16_384)
    endless.reset(.cancel)
    wire.run()
    #expect(endless.closedWith == .cancel)
  }

  @Test func `case 52: many endless streams go on in turns, also the newest`() throws {
    let wire = try Wire(clientSettings: Self.wide)
    let message = [UInt8](repeating: 1, count: 60_000)
    wire.server.react = { event in
      switch event {
      case .drained(let stream): while stream.sendBody(message) == .sent {}
      case .headers(let stream, _):
        try? stream.respond(grpcHeaders)
        while stream.sendBody(message) == .sent {}
      default: break
      }
    }
    let calls = try (0..<5).map { _ in try wire.open() }
    wire.server.receive(wire.client.takeAll(), now: wire.now)
    for _ in 0..<200 {
      wire.client.receive(wire.server.take(limit: 65_536), now: wire.now)
      wire.server.receive(wire.client.takeAll(), now: wire.now)
    }
    let counts = calls.map(\.body.count)
    #expect((counts.min() ?? 0) > 500_000)
    #expect((counts.min() ?? 0) * 100 > (counts.max() ?? 0) * 85)
  }
}
