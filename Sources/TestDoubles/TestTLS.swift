package import DubboCrypto
package import DubboIO

extension TLSOptions {
  /// A server with a certificate of `TestCertificates`.
  package static func server(_ change: (inout TLSOptions) -> Void = { _ in }) -> TLSOptions {
    var options = TLSOptions(.server)
    options.certificateChain = Array(TestCertificates.server.utf8)
    options.privateKey = Array(TestCertificates.serverKey.utf8)
    change(&options)
    return options
  }

  /// A client that trusts its authority.
  package static func client(_ change: (inout TLSOptions) -> Void = { _ in }) -> TLSOptions {
    var options = TLSOptions(.client)
    options.trustedCertificates = Array(TestCertificates.authority.utf8)
    change(&options)
    return options
  }
}

/// TLS between that server and callers that are that client.
package struct TestTLS: Sendable {
  package let server: TLSContextSource
  package let callers: TLSContextSource

  package init(
    server change: (inout TLSOptions) -> Void = { _ in }, callers other: (inout TLSOptions) -> Void = { _ in }
  ) throws {
    server = TLSContextSource(try TLSContext(.server(change)))
    callers = TLSContextSource(try TLSContext(.client(other)))
  }

  package func caller(of serverName: String) -> CallerTLS { CallerTLS(callers, serverName: serverName) }
}
