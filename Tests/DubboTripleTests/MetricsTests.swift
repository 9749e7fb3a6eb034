import DubboCore
import DubboTriple
import Synchronization
import TestDoubles
import Testing

@Suite(.timeLimit(.minutes(1))) struct MetricsTests {
  @Test func `calls and connections are counted on both sides`() async throws {
    try await Pair.with { pair in
      for _ in 0..<12 { _ = try await pair.unary([1]) }
      let client = await pair.client.metrics()
      #expect(client.openConnections == 1)
      #expect(client.openedStreams == 12)
      #expect(client.openStreams == 0)
      let server = await pair.server.metrics()
      #expect(server.openConnections == 1)
      #expect(server.openedStreams == 12)
      #expect(server.brokenConnections == 0)
      #expect(server.queuedBytes == 0)
      #expect(server.unreadBytes == 0)
      #expect(server.longestTurn > .zero)
    }
  }

  @Test func `resets by the peer are counted`() async throws {
    let server = try TripleProtocol(loops: 1, log: .silent)
    let url = try await server.export(
      EchoService(), methods: EchoService.methods,
      at: DubboURL(scheme: "tri", host: "127.0.0.1", port: 0, path: EchoService.name)
    ).url
    let client = try await RawClient(to: url.port ?? 0)
    client.send(Frames.call(1, "/\(EchoService.name)/unary") + Frames.reset(1) + Frames.ping())
    for await frame in client.frames where frame.kind == 6 { break }
    let metrics = await server.metrics()
    #expect(metrics.openedStreams == 1)
    #expect(metrics.receivedResets == 1)
    #expect(metrics.earlyResets == 1)
    await client.stop()
    await server.shutDown(grace: .zero)
  }

  @Test func `a connection that broke a rule is counted, and remembered when it is gone`() async throws {
    let server = try TripleProtocol(loops: 1, log: .silent)
    let url = try await server.export(
      EchoService(), methods: EchoService.methods,
      at: DubboURL(scheme: "tri", host: "127.0.0.1", port: 0, path: EchoService.name)
    ).url
    let client = try await RawClient(to: url.port ?? 0)
    // A frame on a stream that was never opened.
    client.send(Frames.data(7, [1]))
    for await _ in client.frames {}
    var metrics = await server.metrics()
    while metrics.openConnections > 0 { metrics = await server.metrics() }
    #expect(metrics.closedConnections == 1)
    #expect(metrics.brokenConnections == 1)
    #expect(metrics.description.contains("1 broken off"))
    await client.stop()
    await server.shutDown(grace: .zero)
  }

  @Test func `a trouble is logged with its peer and once a minute`() async throws {
    let log = LogCollector()
    let server = try TripleProtocol(loops: 1, log: Log(label: "t", handler: log))
    let url = try await server.export(
      EchoService(), methods: EchoService.methods,
      at: DubboURL(scheme: "tri", host: "127.0.0.1", port: 0, path: EchoService.name)
    ).url
    for _ in 0..<3 {
      let client = try await RawClient(to: url.port ?? 0)
      client.send((0..<30).flatMap { _ in Frames.ping() })
      for await _ in client.frames {}
      await client.stop()
    }
    #expect(log.lines.count == 1)
    #expect(log.lines.first?.contains("too many pings") == true)
    #expect(log.lines.first?.contains("peer=127.0.0.1:") == true)
    await server.shutDown(grace: .zero)
  }

  private final class LogCollector: LogHandler {
    private let stored = Mutex<[String]>([])
    var minimumLevel: LogLevel { .warning }
    var lines: [String] { stored.withLock { $0 } }

    func handle(_ event: LogEvent) {
      stored.withLock { $0.append("\(event.message) peer=\(event.fields["peer"] ?? "")") }
    }
  }
}
