import DubboCore
import DubboIO
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

func temporarySocketPath() -> String {
  var random = SystemRandomNumberGenerator()
  return "/tmp/dubbo-io-\(getpid())-\(random.next() as UInt32).sock"
}

@Suite struct ListenerTests {
  @Test func `a port in use is refused with a sentence`() async throws {
    try await withLoops { group in
      try await withListener(group: group, acceptor: .echo) { listener, endpoint in
        await #expect {
          _ = try await Listener(on: [endpoint], group: group, acceptor: TestAcceptor.echo)
        } throws: { error in
          let failure = error as? IOFailure
          return failure?.code == .addressInUse && "\(error)".contains("\(endpoint)")
        }
      }
    }
  }

  @Test func `a name binds all of its addresses to one port`() async throws {
    try await withLoops { group in
      try await withListener(on: .tcp(host: "localhost", port: 0), group: group, acceptor: .echo) { listener, _ in
        #expect(!listener.addresses.isEmpty)
        #expect(Set(listener.addresses.map(\.port)).count == 1)
        for address in listener.addresses {
          let connection = TestConnection(to: address.endpoint, on: group.next()) { $0.stream.finish() }
          #expect(await connection.closed.value == .finished)
        }
      }
    }
  }

  @Test func `after stop the port is free and the connections stay`() async throws {
    try await withLoops { group in
      let listener = try await Listener(
        on: [.tcp(host: "127.0.0.1", port: 0)], group: group, acceptor: TestAcceptor.echo)
      let endpoint = listener.addresses[0].endpoint
      let answered = Promise<Void>()
      let connection = TestConnection(to: endpoint, on: group.loops[0]) { handler in
        handler.onReceived = { _, _ in answered.fulfil(()) }
        handler.send([1])
      }
      await answered.value
      await listener.stop()
      await listener.stop()
      let refused = TestConnection(to: endpoint, on: group.next())
      guard case .failure(let failure) = await refused.outcome.value else {
        Issue.record("still listening")
        return
      }
      #expect(failure.code == .refused)
      #expect(!connection.closed.isFulfilled)
      let second = try await Listener(on: [endpoint], group: group, acceptor: TestAcceptor.echo)
      await second.stop()
    }
  }

  @Test func `connections beyond the limits are refused, and places come back`() async throws {
    try await withLoops { group in
      let configuration = ListenerConfiguration(limits: ConnectionLimits(total: 3, perAddress: 2))
      try await withListener(group: group, configuration: configuration, acceptor: .echo) { listener, endpoint in
        for _ in 0..<3 {
          var held: [TestConnection] = []
          for _ in 0..<2 {
            let ready = Promise<Void>()
            held.append(
              TestConnection(to: endpoint, on: group.next()) { handler in
                handler.onReceived = { _, _ in ready.fulfil(()) }
                handler.send([1])
              })
            await ready.value
          }
          #expect(listener.gate.count == 2)
          let refused = TestConnection(to: endpoint, on: group.next()) { $0.onEnd = { $0.stream.finish() } }
          if case .success = await refused.outcome.value { _ = await refused.closed.value }
          #expect(listener.gate.count == 2)
          for connection in held { connection.close() }
          for connection in held { _ = await connection.closed.value }
          while listener.gate.count > 0 { await Task.yield() }
        }
        #expect(listener.gate.refusals == 3)
      }
    }
  }

  @Test func `case 50: accepting pauses at the descriptor budget and goes on when there is room`() async throws {
    let group = try LoopGroup(count: 2, descriptors: DescriptorBudget(limit: 8))
    let listener = try await Listener(
      on: [.tcp(host: "127.0.0.1", port: 0)], group: group, acceptor: TestAcceptor.echo)
    try await withLoops(1) { clients in
      let replies = (0..<20).map { index in
        let reply = Promise<[UInt8]>()
        let connection = TestConnection(to: listener.addresses[0].endpoint, on: clients.next()) { handler in
          handler.onReceived = { handler, bytes in
            reply.fulfil(Array(bytes))
            handler.stream.finish()
          }
          handler.send([UInt8(index)])
        }
        return (reply, connection)
      }
      for (index, (reply, _)) in replies.enumerated() { #expect(await reply.value == [UInt8(index)]) }
      for (_, connection) in replies { #expect(await connection.closed.value == .finished) }
    }
    await group.shutdown()
    #expect(group.descriptors.count == 0)
  }

  @Test func `a stale unix socket file is replaced, a live one is not, and the file goes with the listener`()
    async throws
  {
    let path = temporarySocketPath()
    leaveStaleSocket(at: path)
    try await withLoops { group in
      try await withListener(on: .unix(path: path), group: group, acceptor: .echo) { _, endpoint in
        await #expect(throws: IOFailure.self) {
          _ = try await Listener(on: [endpoint], group: group, acceptor: TestAcceptor.echo)
        }
        let connection = TestConnection(to: endpoint, on: group.next()) { $0.stream.finish() }
        #expect(await connection.closed.value == .finished)
      }
    }
    #expect(access(path, F_OK) != 0)
  }

  @Test func `a path too long for a unix socket is refused instead of being cut`() async throws {
    try await withLoops { group in
      await #expect {
        _ = try await Listener(
          on: [.unix(path: "/tmp/" + String(repeating: "x", count: 200))], group: group, acceptor: TestAcceptor.echo)
      } throws: { error in (error as? IOFailure)?.code == .pathTooLong }
    }
  }

  @Test func `no socket of a listener or its connections is left behind`() async throws {
    var ports: Set<UInt16> = []
    for _ in 0..<3 {
      try await withLoops { group in
        try await withListener(group: group, acceptor: .echo) { listener, endpoint in
          ports.formUnion(listener.addresses.compactMap(\.port))
          for _ in 0..<20 { _ = TestConnection(to: endpoint, on: group.next()) { $0.send([1]) } }
          let connection = TestConnection(to: endpoint, on: group.next()) { $0.stream.finish() }
          _ = await connection.closed.value
          #expect(!descriptors(with: ports).isEmpty)
        }
      }
      #expect(descriptors(with: ports).isEmpty)
    }
  }

  /// The descriptors of this process with one of `ports` at either end.
  private func descriptors(with ports: Set<UInt16>) -> [Int32] {
    (0..<4096).filter { descriptor in
      [getsockname, getpeername].contains { name in
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { name(descriptor, $0, &length) }
        }
        return status == 0 && address.sin_family == sa_family_t(AF_INET)
          && ports.contains(UInt16(bigEndian: address.sin_port))
      }
    }
  }

  private func leaveStaleSocket(at path: String) {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    // A sockaddr_un by its bytes: which module the compiler takes the struct from depends on what else it has read.
    #if canImport(Darwin)
      var address: [UInt8] = [106, UInt8(AF_UNIX)]
    #else
      var address = withUnsafeBytes(of: sa_family_t(AF_UNIX)) { Array($0) }
    #endif
    address += path.utf8
    address += [UInt8](repeating: 0, count: 106 - address.count)
    let status = address.withUnsafeBytes { bytes in
      bind(descriptor, bytes.bindMemory(to: sockaddr.self).baseAddress, socklen_t(bytes.count))
    }
    #expect(status == 0)
    close(descriptor)
  }
}
