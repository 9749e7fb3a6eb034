import DubboCore
import DubboCrypto
import DubboIO
import TestDoubles
import Testing

@Suite struct SimulationTests {
  /// Opens a listener from within the simulation.
  final class Opening: LoopRequest {
    let group: LoopGroup
    let acceptor: TestAcceptor
    let tls: TLSContextSource?
    var listener: Listener?
    init(_ group: LoopGroup, _ acceptor: TestAcceptor, _ tls: TLSContextSource?) {
      self.group = group
      self.acceptor = acceptor
      self.tls = tls
    }
    let name = "listen"
    func run(in worker: RequestWorker) async {
      listener = try? await Listener(
        on: [.tcp(host: "10.0.0.1", port: 0)], group: group, configuration: ListenerConfiguration(tls: tls),
        acceptor: acceptor)
    }
  }

  func listen(
    _ network: SimulatedNetwork, _ group: LoopGroup, _ acceptor: TestAcceptor, tls: TLSContextSource? = nil
  ) throws -> EndpointAddress {
    let opening = Opening(group, acceptor, tls)
    network.on(group.loops[0]) {
      group.loops[0].queue(opening)
      group.loops[0].startRequests()
    }
    network.run(until: { opening.listener != nil })
    return try #require(opening.listener).addresses[0].endpoint
  }

  /// Sends bytes in portions, ends its direction when all have come back.
  final class Client: ConnectHandler, ByteStreamHandler {
    let payload: [UInt8]
    var received: [UInt8] = []
    var outcome: StreamCloseReason?
    var failure: IOFailure?
    var stream: ByteStream?
    init(_ payload: [UInt8]) { self.payload = payload }

    func connected(_ stream: ByteStream) {
      self.stream = stream
      stream.handler = self
      stream.output.append(payload)
      stream.markDirty()
    }
    func connectFailed(_ failure: IOFailure) { self.failure = failure }
    func streamReceived(_ bytes: UnsafeRawBufferPointer) {
      received += bytes
      if received.count == payload.count { stream?.finish() }
    }
    func streamReachedEnd() {}
    func streamFlush() {}
    func streamDrained() {}
    func streamClosed(_ reason: StreamCloseReason) { outcome = reason }
  }

  func echoRun(seed: UInt64, tls: TestTLS? = nil) throws -> UInt64 {
    let network = SimulatedNetwork(seed: seed)
    defer { network.shutDown() }
    network.weather.largestPiece = seed % 3 == 0 ? 1 : 4096
    network.weather.socketBuffer = 512 + Int(seed % 7) * 3000
    let servers = network.makeGroup(count: 3)
    let loop = network.makeLoop()
    let endpoint = try listen(network, servers, .echo, tls: tls?.server)
    let clients = (0..<12).map { index in
      Client((0..<(seed % 3 == 0 ? 200 : 6_000) + index).map { UInt8(truncatingIfNeeded: $0 &* (index + 3)) })
    }
    network.on(loop) {
      for client in clients {
        loop.connect(
          to: endpoint, deadline: loop.now.advanced(by: .seconds(5)), tls: tls?.caller(of: "localhost"),
          handler: client)
      }
    }
    #expect(network.run(for: .seconds(600), until: { clients.allSatisfy { $0.outcome != nil } }))
    for client in clients {
      let isWhole = client.received == client.payload
      #expect(isWhole)
      #expect(client.outcome == .finished)
    }
    network.run(for: .seconds(10))
    #expect(servers.loops.map(\.resourceCount).reduce(0, +) == 1, "only the listener is left")
    return network.digest
  }

  @Test(arguments: 1...20) func `case 58: every byte comes back whatever the network does`(_ seed: UInt64) throws {
    _ = try echoRun(seed: seed)
  }

  @Test func `one seed is one run`() throws {
    #expect(try echoRun(seed: 11) == echoRun(seed: 11))
    #expect(try echoRun(seed: 11) != echoRun(seed: 13))
  }

  @Test func `a silent address costs the head start, not the attempt`() throws {
    let network = SimulatedNetwork(seed: 5)
    defer { network.shutDown() }
    let servers = network.makeGroup(count: 1)
    let loop = network.makeLoop()
    let endpoint = try listen(network, servers, .echo)
    guard case .tcp(_, let port) = endpoint else { return }
    let silent = try #require(SocketAddress(ip: "2001:db8::9", port: port))
    network.silent = [silent]
    network.names["two"] = [silent, try #require(SocketAddress(ip: "10.0.0.1", port: 0))]
    let client = Client([1, 2, 3])
    let start = network.now
    network.on(loop) {
      loop.connect(to: .tcp(host: "two", port: port), deadline: loop.now.advanced(by: .seconds(5)), handler: client)
    }
    #expect(network.run(for: .seconds(5), until: { client.outcome != nil }))
    #expect(client.received == [1, 2, 3])
    #expect(start.duration(to: network.now) > .milliseconds(250))
    #expect(start.duration(to: network.now) < .milliseconds(300))
  }

  @Test func `one deadline binds the look-up and all addresses`() throws {
    let network = SimulatedNetwork(seed: 6)
    defer { network.shutDown() }
    let loop = network.makeLoop()
    let addresses = ["10.0.0.7", "10.0.0.8"].compactMap { SocketAddress(ip: $0, port: 80) }
    network.silent = Set(addresses)
    network.names["dead"] = addresses
    let client = Client([1])
    let start = network.now
    network.on(loop) {
      loop.connect(to: .tcp(host: "dead", port: 80), deadline: loop.now.advanced(by: .seconds(3)), handler: client)
    }
    #expect(network.run(for: .seconds(60), until: { client.failure != nil }))
    #expect(client.failure?.code == .timedOut)
    #expect(start.duration(to: network.now) >= .seconds(3))
    #expect(start.duration(to: network.now) < .milliseconds(3_010))
    #expect(loop.resourceCount == 0)
  }

  @Test func `a lingering close waits its time for the peer and no longer`() throws {
    let network = SimulatedNetwork(seed: 8)
    defer { network.shutDown() }
    let servers = network.makeGroup(count: 1)
    let loop = network.makeLoop()
    // Takes everything and never ends its direction.
    let endpoint = try listen(network, servers, TestAcceptor { _ in })
    let finishing = Client([])
    let start = network.now
    network.on(loop) {
      loop.connect(to: endpoint, deadline: loop.now.advanced(by: .seconds(5)), handler: finishing)
    }
    #expect(network.run(for: .seconds(1), until: { finishing.stream != nil }))
    network.on(loop) { finishing.stream?.finish() }
    #expect(network.run(for: .seconds(60), until: { finishing.outcome != nil }))
    #expect(finishing.outcome == .finished)
    #expect(start.duration(to: network.now) >= .seconds(2))
    #expect(start.duration(to: network.now) < .milliseconds(2_100))
  }
}
