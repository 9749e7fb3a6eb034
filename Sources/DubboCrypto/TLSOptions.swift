/// What one side of TLS brings along and asks for.
package struct TLSOptions: Sendable {
  package enum Side: Sendable, Hashable { case client, server }

  /// Whether the other side must show a certificate that is trusted. A client always asks its server for one.
  package enum PeerCertificates: Sendable, Hashable {
    case none
    case optional
    case required
  }

  package var side: Side
  /// This side's certificate and those that lead to an authority, PEM, its own first; nil for none.
  package var certificateChain: [UInt8]?
  /// The key of that certificate, PEM.
  package var privateKey: [UInt8]?
  package var privateKeyPassword: String?
  /// The authorities by which the other side is judged, PEM; nil for the system's.
  package var trustedCertificates: [UInt8]?
  /// For a server: what it wants of its clients.
  package var peerCertificates = PeerCertificates.none
  /// The application protocols (ALPN, RFC 7301), the preferred first.
  package var applicationProtocols = ["h2"]

  package init(_ side: Side) {
    self.side = side
  }
}
