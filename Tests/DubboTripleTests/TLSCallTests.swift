import DubboCore
import DubboCrypto
import DubboTriple
import Synchronization
import TestDoubles
import Testing

@Suite(.timeLimit(.minutes(1))) struct TLSCallTests {
  /// A pair whose server has TLS, called by its name.
  private func withPair(
    _ service: EchoService = EchoService(), tls: TestTLS? = nil, serverHasTLS: Bool = true,
    callers change: (inout CallerTLSSettings) -> Void = { _ in }, called: URLParameters? = nil,
    _ body: (Pair) async throws -> Void
  ) async throws {
    let tls = try tls ?? TestTLS()
    var server = TripleSettings()
    var client = TripleSettings()
    if serverHasTLS { server.serverTLS = tls.server }
    client.callerTLS.contexts = { tls.callers }
    client.callerTLS.isForAll = true
    change(&client.callerTLS)
    try await Pair.with(
      service, server: server, client: client, called: called, body)
  }

  @Test func `calls of one message and of many go over TLS as in clear`() async throws {
    try await withPair { pair in
      for size in [0, 1, 16_384, 1_000_000] {
        let message = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        let reply = try await pair.unary(message, ["x-echo": "e"])
        let isSame = reply.message == message
        #expect(isSame && reply.trailers["x-trail"] == "e")
      }
      try await pair.endpoint.readStream(of: 2_000)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<200 {
          group.addTask {
            let reply = try await pair.unary([UInt8(number)])
            #expect(reply.message == [UInt8(number)])
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test func `a method sees the certificate of its caller`() async throws {
    let tls = try TestTLS {
      $0.trustedCertificates = Array(TestCertificates.authority.utf8)
      $0.peerCertificates = .required
    } callers: {
      $0.certificateChain = Array(TestCertificates.client.utf8)
      $0.privateKey = Array(TestCertificates.clientKey.utf8)
    }
    let seen = Mutex<PeerCertificate?>(nil)
    let service = EchoService { invocation in seen.withLock { $0 = invocation.server?.peer.certificate } }
    try await withPair(service, tls: tls) { _ = try await $0.unary([1]) }
    #expect(seen.withLock { $0 }?.uris == ["spiffe://test.dubbo/caller"])
  }

  @Test func `case 12: a provider that is another fails calls at once, unsent, with the reason`() async throws {
    try await withPair(callers: { $0.serverName = "orders.example" }) { pair in
      let error = await failure { _ = try await pair.unary([1]) }
      #expect(error?.code == .unavailable && error?.reason == .connection && error?.progress == .notSent)
      #expect(error?.message.contains("the other side's certificate is not for orders.example") == true)
    }
  }

  @Test func `case 12: a provider in clear is not called when TLS is asked for`() async throws {
    try await withPair(serverHasTLS: false) { pair in
      let error = await failure { _ = try await pair.unary([1]) }
      #expect(error?.code == .unavailable && error?.progress == .notSent)
    }
  }

  @Test func `a caller in clear gets nothing from a provider with TLS`() async throws {
    try await withPair(callers: { $0.isForAll = false }) { pair in
      let error = await failure { _ = try await pair.unary([1]) }
      #expect(error?.code == .unavailable)
    }
  }

  @Test func `a provider whose URL says so is called over TLS by a caller that asks for nothing`() async throws {
    try await withPair(callers: { $0.isForAll = false }, called: ["ssl-enabled": "true"]) { pair in
      let reply = try await pair.unary([7])
      #expect(reply.message == [7])
    }
  }

  @Test func `a caller without usable certificates says so before it connects`() async throws {
    let broken = await failure {
      try await withPair(callers: { $0.contexts = { throw TLSFailure(.material, "no such file") } }) { _ in }
    }
    #expect(broken?.reason == .configuration)
    #expect(broken?.message.contains("is called over TLS, and that is not possible: no such file") == true)
  }
}
