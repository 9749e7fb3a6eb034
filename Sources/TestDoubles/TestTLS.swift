package import DubboCrypto
package import DubboIO

/// TLS between a server with a certificate of `TestCertificates` and callers that trust its authority.
package struct TestTLS: Sendable {
  package let server: TLSContextSource
  package let callers: TLSContextSource

  package init(
    server change: (inout TLSOptions) -> Void = { _ in }, callers other: (inout TLSOptions) -> Void = { _ in }
  ) throws {
    var server = TLSOptions(.server)
    server.certificateChain = Array(TestCertificates.server.utf8)
    server.privateKey = Array(TestCertificates.serverKey.utf8)
    change(&server)
    var callers = TLSOptions(.client)
    callers.trustedCertificates = Array(TestCertificates.authority.utf8)
    other(&callers)
    self.server = TLSContextSource(try TLSContext(server))
    self.callers = TLSContextSource(try TLSContext(callers))
  }

  package func caller(of serverName: String) -> CallerTLS { CallerTLS(callers, serverName: serverName) }
}
