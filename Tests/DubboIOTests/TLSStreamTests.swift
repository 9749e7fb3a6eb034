import DubboCore
import DubboCrypto
import DubboIO
import TestDoubles
import Testing

@Suite struct TLSStreamTests {
  /// Sends `payload` over TLS and tells how the connection ended and what came back, with all its bytes in the hands of a
  /// network of the seed's making.
  private func talk(
    seed: UInt64, _ payload: [UInt8], to acceptor: TestAcceptor = .echo, name: String = "localhost",
    server: TLSContextSource? = nil, callers: CallerTLS? = nil, largestPiece: Int = 4_096
  ) throws -> SimulationTests.Client {
    let network = SimulatedNetwork(seed: seed)
    defer { network.shutDown() }
    network.weather.largestPiece = largestPiece
    let tests = SimulationTests()
    let servers = network.makeGroup(count: 1)
    let loop = network.makeLoop()
    let endpoint = try tests.listen(network, servers, acceptor, tls: server)
    let client = SimulationTests.Client(payload)
    network.on(loop) {
      loop.connect(to: endpoint, deadline: loop.now.advanced(by: .seconds(5)), tls: callers, handler: client)
    }
    #expect(network.run(for: .seconds(600), until: { client.outcome != nil || client.failure != nil }))
    network.run(for: .seconds(60))
    // The listener is left.
    #expect(loop.resourceCount == 0 && servers.loops[0].resourceCount == 1)
    return client
  }

  @Test(arguments: 0..<10 as Range<UInt64>) func `bytes go there and back whatever the network does`(_ seed: UInt64)
    throws
  {
    _ = try SimulationTests().echoRun(seed: seed, tls: TestTLS())
  }

  @Test func `a million bytes go through buffers of a few thousand`() throws {
    let tls = try TestTLS()
    let payload = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let client = try talk(seed: 3, payload, server: tls.server, callers: tls.caller(of: "localhost"))
    let isWhole = client.received == payload
    #expect(isWhole && client.outcome == .finished)
  }

  @Test func `case 12: a wrong name ends the connection before a byte of it is told`() throws {
    let tls = try TestTLS()
    let client = try talk(seed: 1, [1, 2, 3], server: tls.server, callers: tls.caller(of: "example.org"))
    guard case .failed(let failure) = client.outcome else { throw Unexpected(outcome: client.outcome) }
    #expect(failure.code == .tls)
    #expect(failure.description.contains("the other side's certificate is not for example.org"))
    #expect(client.received.isEmpty)
  }

  @Test func `a server in clear is called so, and hears no byte of the caller's`() throws {
    let tls = try TestTLS()
    let plain = TestAcceptor { handler in
      handler.send(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
    }
    let client = try talk(seed: 2, [1, 2, 3], to: plain, callers: tls.caller(of: "localhost"))
    guard case .failed(let failure) = client.outcome else { throw Unexpected(outcome: client.outcome) }
    #expect(failure.reason == "the other side does not speak TLS")
  }

  @Test func `a caller in clear is turned away by a server with TLS`() throws {
    let tls = try TestTLS()
    let client = try talk(seed: 4, Array("PRI * HTTP/2.0\r\n\r\n".utf8), server: tls.server)
    #expect(client.outcome != nil)
  }

  @Test func `a server that leaves in the middle of the handshake is named`() throws {
    let tls = try TestTLS()
    let leaving = TestAcceptor { handler in
      handler.onReceived = { handler, _ in handler.stream.finish() }
    }
    let client = try talk(seed: 5, [1], to: leaving, callers: tls.caller(of: "localhost"))
    guard case .failed(let failure) = client.outcome else { throw Unexpected(outcome: client.outcome) }
    #expect(failure.reason.contains("during the TLS handshake"))
  }

  @Test(arguments: 0..<8 as Range<UInt64>) func `a handler that pauses gets all of it later`(_ seed: UInt64) throws {
    let tls = try TestTLS()
    let payload = (0..<50_000).map { UInt8(truncatingIfNeeded: $0) }
    let pausing = TestAcceptor { handler in
      handler.onReceived = { handler, bytes in
        handler.send(Array(bytes))
        handler.stream.pauseReading()
      }
      handler.onFlush = { $0.stream.resumeReading() }
      handler.onEnd = { $0.stream.finish() }
    }
    let client = try talk(
      seed: seed, payload, to: pausing, server: tls.server, callers: tls.caller(of: "localhost"), largestPiece: 65_536)
    let isWhole = client.received == payload
    #expect(isWhole)
  }

  @Test func `two hundred that connect at once are all served, some turns later`() throws {
    let tls = try TestTLS()
    let network = SimulatedNetwork(seed: 9)
    defer { network.shutDown() }
    let servers = network.makeGroup(count: 1)
    let loop = network.makeLoop()
    let endpoint = try SimulationTests().listen(network, servers, .echo, tls: tls.server)
    let clients = (0..<200).map { SimulationTests.Client([UInt8($0)]) }
    network.on(loop) {
      for client in clients {
        loop.connect(
          to: endpoint, deadline: loop.now.advanced(by: .seconds(5)), tls: tls.caller(of: "localhost"), handler: client)
      }
    }
    #expect(network.run(for: .seconds(60), until: { clients.allSatisfy { $0.outcome != nil } }))
    #expect(clients.allSatisfy { $0.received == $0.payload && $0.outcome == .finished })
  }

  private struct Unexpected: Error { var outcome: StreamCloseReason? }
}
