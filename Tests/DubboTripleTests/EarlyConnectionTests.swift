import DubboCore
import DubboTriple
import TestDoubles
import Testing

/// Connections that an endpoint is told to open before there is a call.
@Suite(.timeLimit(.minutes(1))) struct EarlyConnectionTests {
  @Test(arguments: [1, 3]) func `connecting opens every connection, and calls go on them`(connections: Int) async throws
  {
    try await Pair.with(called: ["connections": "\(connections)"]) { pair in
      #expect(pair.endpoint.availability == .idle)
      await pair.endpoint.connect()
      #expect(pair.endpoint.availability == .ready)
      for _ in 0..<connections { _ = try await pair.unary([1]) }
      // A second time there is nothing to do.
      await pair.endpoint.connect()
      let metrics = await pair.client.metrics()
      #expect(metrics.openConnections == connections && metrics.closedConnections == 0)
    }
  }

  @Test func `who cannot be connected to is as unavailable as after a call`() async throws {
    var settings = TripleSettings()
    settings.backoff = Backoff(base: .seconds(100))
    let client = try TripleProtocol(settings: settings, loops: 1, log: .silent)
    let endpoint = try client.endpoint(for: DubboURL(scheme: "tri", host: "127.0.0.1", port: 1))
    await endpoint.connect()
    #expect(endpoint.availability == .unavailable)
    // It rests, and does not try again.
    await endpoint.connect()
    let error = await failure { _ = try await endpoint.unary() }
    #expect(error?.message.contains("rests before the next attempt") == true, "\(String(describing: error))")
    await client.shutDown(grace: .zero)
  }

  @Test func `a call that comes while the connection is being opened goes on it`() async throws {
    try await Pair.with { pair in
      async let connecting: Void = pair.endpoint.connect()
      let reply = try await pair.unary([7]).message
      await connecting
      #expect(reply == [7])
      let metrics = await pair.client.metrics()
      #expect(metrics.openConnections == 1)
    }
  }

  @Test func `a peer that accepts and does not speak holds nobody who is cancelled, nor the endpoint's end`()
    async throws
  {
    var settings = TripleSettings()
    settings.connectTimeout = .seconds(600)
    let (accepted, accept) = AsyncStream.makeStream(of: Void.self)
    try await RawProvider.with(settings: settings, greeting: [], isPolite: false) { _, _ in
      accept.yield()
    } _: { endpoint in
      await withDiscardingTaskGroup { group in
        group.addTask { await endpoint.connect() }
        for await _ in accepted { break }
        group.cancelAll()
      }
      async let connecting: Void = endpoint.connect()
      await endpoint.close()
      await connecting
      #expect(endpoint.availability == .unavailable)
    }
  }

  @Test func `a connection that the peer ends before anybody has called on it is no failure`() async throws {
    var settings = TripleSettings()
    settings.backoff = Backoff(base: .seconds(100))
    try await RawProvider.with(settings: settings) { connection, event in
      // The acknowledgement of its settings: the caller is connected.
      if case .frame(let frame) = event, frame.kind == 4, frame.flags & 1 == 1 {
        connection.send(Frames.goAway(0))
      }
      RawProvider.echo(connection, event)
    } _: { endpoint in
      await endpoint.connect()
      while endpoint.availability == .ready { await Task.yield() }
      #expect(endpoint.availability == .idle)
    }
  }
}
