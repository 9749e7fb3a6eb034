import DubboCore
import DubboCrypto
import TestDoubles
import Testing

@Suite struct TLSSessionTests {
  @Test(arguments: [1, 7, 100, 5_000]) func `two sides agree and understand each other, in pieces of any size`(
    _ piece: Int
  ) throws {
    let pair = try TLSPair(piece: piece)
    pair.talk()
    #expect(pair.client.isEstablished && pair.server.isEstablished)
    #expect(pair.client.applicationProtocol == "h2" && pair.server.applicationProtocol == "h2")
    let words = (0..<40_000).map { UInt8(truncatingIfNeeded: $0) }
    try pair.say(words, on: pair.client)
    pair.carry(from: pair.client)
    #expect(pair.serverReceived == words)
    try pair.say([1, 2, 3], on: pair.server)
    pair.carry(from: pair.server)
    #expect(pair.clientReceived == [1, 2, 3])
  }

  @Test func `an end in order reaches the other side, which may go on`() throws {
    let pair = try TLSPair()
    pair.talk()
    pair.client.shutDown()
    pair.carry(from: pair.client)
    #expect(pair.serverEnded && !pair.clientEnded)
    try pair.say([9], on: pair.server)
    pair.carry(from: pair.server)
    #expect(pair.clientReceived == [9])
    // Any number of times, and before there is anything to end.
    pair.client.shutDown()
    try TLSPair().client.shutDown()
  }

  @Test(arguments: ["127.0.0.1", "::1", "a.test.dubbo"]) func `a certificate is held against names and addresses`(
    _ name: String
  ) throws {
    let pair = try TLSPair(name: name)
    pair.talk()
    #expect(pair.client.isEstablished)
  }

  @Test(arguments: ["example.org", "127.0.0.2", "test.dubbo"])
  func `case 12: a certificate for another name is refused`(_ name: String) throws {
    let pair = try TLSPair(name: name)
    pair.talk()
    #expect(pair.clientFailure?.kind == .untrusted)
    #expect(pair.clientFailure?.reason == "the other side's certificate is not for \(name)")
    #expect(!pair.server.isEstablished)
  }

  @Test func `case 12: a certificate of an unknown authority is refused, and the server hears why`() throws {
    let pair = try TLSPair(client: .client { $0.trustedCertificates = Array(TestCertificates.otherAuthority.utf8) })
    pair.talk()
    #expect(pair.clientFailure?.kind == .untrusted)
    #expect(pair.clientFailure?.reason.contains("not trusted: unable to get local issuer certificate") == true)
    #expect(pair.serverFailure?.kind == .refused)
    #expect(pair.serverFailure?.reason.contains("unknown ca") == true)
  }

  @Test func `a client without a name to expect is not made`() throws {
    let context = try TLSContext(.client())
    #expect(throws: TLSFailure.self) { try TLSSession(context) }
  }

  // MARK: Certificates of clients

  @Test func `a server that requires certificates sees who its client is`() throws {
    let pair = try TLSPair(
      client: .client { $0.show(TestCertificates.client, TestCertificates.clientKey) },
      server: .server {
        $0.trustedCertificates = Array(TestCertificates.authority.utf8)
        $0.peerCertificates = .required
      })
    pair.talk()
    let certificate = try #require(pair.server.peerCertificate)
    #expect(certificate.subject == "CN=caller,O=Shop")
    #expect(certificate.dnsNames == ["caller.test.dubbo"])
    #expect(certificate.uris == ["spiffe://test.dubbo/caller"])
    #expect(certificate.der.count > 300)
    #expect(pair.client.peerCertificate?.subject == "CN=localhost,O=Shop")
  }

  @Test(arguments: [TLSOptions.PeerCertificates.required, .optional])
  func `a client without one is turned away where it is required`(_ wanted: TLSOptions.PeerCertificates) throws {
    let pair = try TLSPair(
      server: .server {
        $0.trustedCertificates = Array(TestCertificates.authority.utf8)
        $0.peerCertificates = wanted
      })
    pair.talk()
    if wanted == .optional {
      #expect(pair.server.isEstablished && pair.server.peerCertificate == nil)
    } else {
      #expect(pair.serverFailure?.reason == "the other side shows no certificate, and must")
      #expect(pair.clientFailure?.kind == .refused)
      #expect(pair.clientFailure?.advice == "It asks for a certificate: give this side one.")
    }
  }

  @Test func `a client of an unknown authority is turned away where one is asked for at all`() throws {
    let pair = try TLSPair(
      client: .client { $0.show(TestCertificates.client, TestCertificates.clientKey) },
      server: .server {
        $0.trustedCertificates = Array(TestCertificates.otherAuthority.utf8)
        $0.peerCertificates = .optional
      })
    pair.talk()
    #expect(pair.serverFailure?.kind == .untrusted)
  }

  // MARK: What is no TLS, and what is no HTTP/2

  @Test func `plaintext is called by its name, on either side`() throws {
    let pair = try TLSPair()
    pair.feed(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), to: pair.server)
    #expect(pair.serverFailure?.kind == .plaintext)
    let other = try TLSPair()
    other.feed(Array("GET / HTTP/1.1\r\n\r\n".utf8), to: other.server)
    #expect(other.serverFailure?.kind == .plaintext)
    // The SETTINGS with which an HTTP/2 server begins.
    let third = try TLSPair()
    third.feed([0, 0, 0, 4, 0, 0, 0, 0, 0], to: third.client)
    #expect(third.clientFailure != nil)
  }

  @Test func `sides without a common protocol do not talk`() throws {
    let pair = try TLSPair(client: .client { $0.applicationProtocols = ["http/1.1"] })
    pair.talk()
    #expect(pair.serverFailure?.kind == .noProtocol)
    #expect(pair.clientFailure?.advice == "It does not speak HTTP/2 over TLS.")
  }

  @Test func `a server that names no protocol is refused, a client that does is taken`() throws {
    let silentServer = try TLSPair(server: .server { $0.applicationProtocols = [] })
    silentServer.talk()
    #expect(silentServer.clientFailure?.kind == .noProtocol)
    let silentClient = try TLSPair(client: .client { $0.applicationProtocols = [] })
    silentClient.talk()
    #expect(silentClient.server.isEstablished && silentClient.server.applicationProtocol == nil)
  }

  @Test func `a record that was changed on its way ends the dialogue and is never believed`() throws {
    var generator = SeededGenerator(seed: 7)
    let (client, server) = (try TLSContext(.client()), try TLSContext(.server()))
    for _ in 0..<100 {
      let pair = try TLSPair(client: client, server: server)
      pair.talk()
      try pair.say(Array(repeating: 0x41, count: 50), on: pair.client)
      var bytes = TLSPair.drained(pair.client)
      bytes[Int.random(in: bytes.indices, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      pair.feed(bytes, to: pair.server)
      #expect(pair.serverReceived.isEmpty)
    }
  }

  @Test func `the failure of one connection is not another's`() throws {
    let good = try TLSPair()
    good.talk()
    let bad = try TLSPair(name: "example.org")
    bad.talk()
    #expect(bad.clientFailure != nil)
    try good.say([1], on: good.client)
    good.carry(from: good.client)
    #expect(good.serverReceived == [1] && good.serverFailure == nil)
  }
}
