import DubboCore
import DubboIO
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct ConnectTests {
  @Test func `nobody listening is refused at once, with the address in the sentence`() async throws {
    try await withLoops { group in
      let listener = try await Listener(
        on: [.tcp(host: "127.0.0.1", port: 0)], group: group, acceptor: TestAcceptor.echo)
      let endpoint = listener.addresses[0].endpoint
      await listener.stop()
      let connection = TestConnection(to: endpoint, on: group.next())
      guard case .failure(let failure) = await connection.outcome.value else {
        Issue.record("connected")
        return
      }
      #expect(failure.code == .refused)
      #expect("\(failure)".contains("\(endpoint)"))
    }
  }

  @Test func `a name is looked up and reached whichever of its addresses listens`() async throws {
    try await withLoops { group in
      try await withListener(group: group, acceptor: .echo) { listener, endpoint in
        let port = listener.addresses[0].port ?? 0
        let connection = TestConnection(to: .tcp(host: "localhost", port: port), on: group.next()) {
          $0.stream.finish()
        }
        try await connection.outcome.value.get()
        #expect(await connection.closed.value == .finished)
      }
    }
  }

  @Test(arguments: ["", "no-such-host.invalid", String(repeating: "a", count: 300), "with\0nul"])
  func `a name that does not exist fails`(_ name: String) async throws {
    try await withLoops(1) { group in
      let connection = TestConnection(to: .tcp(host: name, port: 80), within: .seconds(2), on: group.next())
      guard case .failure = await connection.outcome.value else {
        Issue.record("connected")
        return
      }
    }
  }

  @Test func `case 9: a deadline ends an attempt that nobody answers`() async throws {
    // A listening socket whose waiting line is full swallows the attempts that come after.
    let (descriptor, port) = listenWithoutAccepting()
    defer { close(descriptor) }
    try await withLoops(1) { group in
      let connections = (0..<6).map { _ in
        TestConnection(to: .tcp(host: "127.0.0.1", port: port), within: .milliseconds(60), on: group.next())
      }
      var failures: [IOFailure] = []
      for connection in connections {
        if case .failure(let failure) = await connection.outcome.value { failures.append(failure) }
      }
      #expect(!failures.isEmpty)
      #expect(failures.allSatisfy { $0.code == .timedOut && $0.subject == "127.0.0.1:\(port)" })
    }
  }

  private func listenWithoutAccepting() -> (Int32, UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        #expect(bind(descriptor, address, length) == 0)
        #expect(listen(descriptor, 0) == 0)
        #expect(getsockname(descriptor, address, &length) == 0)
      }
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  final class Cancelling: LoopWork, ConnectHandler {
    let isOver = Promise<Void>()
    func run(on loop: EventLoop) {
      let attempt = loop.connect(
        to: .tcp(host: "127.0.0.1", port: 9), deadline: loop.now.advanced(by: .seconds(5)), handler: self)
      attempt.cancel()
      attempt.cancel()
      isOver.fulfil(())
    }
    func connected(_ stream: ByteStream) { Issue.record("connected") }
    func connectFailed(_ failure: IOFailure) { Issue.record("failed") }
  }

  @Test func `a cancelled attempt tells nothing`() async throws {
    try await withLoops(1) { group in
      let work = Cancelling()
      #expect(group.next().submit(work))
      await work.isOver.value
      _ = try await group.next().perform { 0 }
    }
  }

  @Test func `the end of the loop fails attempts and look-ups under way`() async throws {
    let group = try LoopGroup(count: 1)
    let (descriptor, port) = listenWithoutAccepting()
    defer { close(descriptor) }
    let connections = ["127.0.0.1", "127.0.0.1", "127.0.0.1", "no-such-host.invalid"].map {
      TestConnection(to: .tcp(host: $0, port: port), on: group.next())
    }
    await group.shutdown()
    // The first may still have got a place in the line; no attempt is left without an answer.
    var failures = 0
    for connection in connections {
      if case .failure = await connection.outcome.value { failures += 1 } else { _ = await connection.closed.value }
    }
    #expect(failures > 0)
  }

  @Test func `addresses are written as people write them`() {
    #expect(SocketAddress(ip: "127.0.0.1", port: 80)?.description == "127.0.0.1:80")
    #expect(SocketAddress(ip: "2001:db8:0::1", port: 443)?.description == "[2001:db8::1]:443")
    #expect(SocketAddress(ip: "::ffff:10.0.0.1", port: 1) == SocketAddress(ip: "10.0.0.1", port: 1))
    for text in ["", "localhost", "1.2.3", "1.2.3.4.5", "fe80::1%lo", "::1\0", "[::1]"] {
      #expect(SocketAddress(ip: text, port: 1) == nil)
    }
  }
}
