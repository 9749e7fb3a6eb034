/// The certificate by which the other side of a connection has shown who it is. It was checked against the trusted
/// certificates before anybody sees it.
public struct PeerCertificate: Sendable, Hashable {
  /// Its subject's distinguished name (RFC 2253), such as `CN=orders,O=Shop`. Names to decide by are the others
  /// (RFC 9525, 2).
  public let subject: String
  /// The host names that it was issued for.
  public let dnsNames: [String]
  /// The URIs that it was issued for, such as a SPIFFE id.
  public let uris: [String]
  /// The whole certificate, DER.
  public let der: [UInt8]

  public init(subject: String, dnsNames: [String] = [], uris: [String] = [], der: [UInt8] = []) {
    self.subject = subject
    self.dnsNames = dnsNames
    self.uris = uris
    self.der = der
  }
}
