internal import DubboYAML

/// The files of one side of TLS: `dubbo.tls` (or `tls_config`) for both sides, `dubbo.ssl` for each.
public struct TLSFiles: Sendable, Hashable {
  /// This side's certificate and those above it, PEM.
  public var certificateChain: String?
  /// The certificate's key, PEM.
  public var privateKey: String?
  /// The key's password.
  public var privateKeyPassword: String?
  /// The certificates by which the other side is judged, PEM. Nil: a consumer judges providers by the system's, and a
  /// provider asks consumers for no certificate.
  public var trustedCertificates: String?
  /// The name that the provider's certificate must have; nil for the host of its URL.
  public var serverName: String?
  /// A provider with `trustedCertificates` serves consumers without a certificate, too.
  public var clientCertificatesAreOptional = false

  public init(
    certificateChain: String? = nil, privateKey: String? = nil, privateKeyPassword: String? = nil,
    trustedCertificates: String? = nil, serverName: String? = nil, clientCertificatesAreOptional: Bool = false
  ) {
    self.certificateChain = certificateChain
    self.privateKey = privateKey
    self.privateKeyPassword = privateKeyPassword
    self.trustedCertificates = trustedCertificates
    self.serverName = serverName
    self.clientCertificatesAreOptional = clientCertificatesAreOptional
  }

  /// `tls`, `tls_config`: the same files for both sides.
  init(both fields: YAMLFields) {
    certificateChain = fields.string("tls-cert-file", "cert-file", "certificate-chain", "cert")
    privateKey = fields.string("tls-key-file", "key-file", "private-key", "key")
    privateKeyPassword = fields.string("tls-key-password", "key-password", "private-key-password")
    trustedCertificates = fields.string("ca-cert-file", "ca-file", "trusted-certificates", "ca")
    serverName = fields.string("tls-server-name", "server-name")
    readClientAuth(fields)
    checkPair(fields)
    fields.finish()
  }

  /// One side of `ssl`; `side` is `server` or `client`. Nil when nothing is said of it.
  init?(_ side: String, of fields: YAMLFields) {
    certificateChain = fields.string("\(side)-key-cert-chain-path")
    privateKey = fields.string("\(side)-private-key-path")
    privateKeyPassword = fields.string("\(side)-key-password")
    trustedCertificates = fields.string("\(side)-trust-cert-collection-path")
    if side == "server" { readClientAuth(fields) }
    checkPair(fields)
    if self == TLSFiles() { return nil }
  }

  private mutating func readClientAuth(_ fields: YAMLFields) {
    guard let text = fields.string("client-auth") else { return }
    clientCertificatesAreOptional = text == "optional"
    if text != "optional", text != "required" {
      fields.reader.error("client-auth is required or optional, not '\(text)'")
    }
  }

  private func checkPair(_ fields: YAMLFields) {
    if (certificateChain == nil) != (privateKey == nil) {
      fields.reader.error("a certificate needs its key and a key its certificate; only one of the two is here")
    }
  }
}
