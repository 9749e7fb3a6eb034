import DubboCore
import DubboTriple
import TestDoubles
import Testing

/// Connections that nobody calls on, and those that are too old.
@Suite struct IdleConnectionTests {
  @Test(.timeLimit(.minutes(1))) func `a server sends away who has not called for long`() async throws {
    var settings = TripleSettings()
    settings.server.idleTimeout = .milliseconds(20)
    try await Pair.with(server: settings) { pair in
      let client = try await RawClient(to: pair.url.port ?? 0)
      var frames = client.frames.makeAsyncIterator()
      var goAways: [UInt32] = []
      while let frame = await frames.next() {
        if frame.kind == 7 { goAways.append(frame.code) }
      }
      // First that the end is near, then the last stream; and then the connection is closed.
      #expect(goAways == [0, 0])
      await client.stop()
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `case 13: a caller closes a connection that it does not use, and the next call opens one`()
    async throws
  {
    var settings = TripleSettings()
    settings.client.idleTimeout = .milliseconds(20)
    try await Pair.with(client: settings) { pair in
      for number in 1...3 as ClosedRange<UInt8> {
        let reply = try await pair.unary([number]).message
        #expect(reply == [number])
        while pair.endpoint.availability == .ready { await Task.yield() }
      }
    }
  }

  @Test(.timeLimit(.minutes(1))) func `a call that does not end ends with its connection's time`() async throws {
    var settings = TripleSettings()
    settings.server.maxConnectionAge = .milliseconds(10)
    settings.server.maxConnectionAgeGrace = .milliseconds(10)
    let service = EchoService()
    try await Pair.with(service, server: settings) { pair in
      // On a slow machine the time of the first may be over before its method has begun.
      while service.cancellations.value == 0 {
        let error = await failure { _ = try await pair.unary([1], ["x-wait": "1"]) }
        #expect(error?.code == .unavailable)
      }
    }
  }
}
