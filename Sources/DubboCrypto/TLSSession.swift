internal import COpenSSL
package import DubboCore

/// One connection's side of TLS, bytes in and bytes out: `feed` it what came, `drain` what it has to send after every
/// other verb. No socket, no clock. Confined to one thread at a time.
package final class TLSSession {
  package enum Reading: Sendable, Hashable {
    case bytes(Int)
    /// Nothing is complete: more has to come from the other side.
    case nothing
    /// The other side has said that it sends no more.
    case ended
  }

  private let context: TLSContext
  private let raw: OpaquePointer
  private let incoming: OpaquePointer
  private let outgoing: OpaquePointer
  private let serverName: String?
  package private(set) var isEstablished = false
  /// A dialogue that broke is not ended in order.
  private var isBroken = false

  /// A record's content; more is written in several.
  package static let recordSize = 16_384

  /// - Parameter serverName: for a client: the host name or IP address that the server's certificate must be for.
  package init(_ context: TLSContext, serverName: String? = nil) throws(TLSFailure) {
    ERR_clear_error()
    guard let raw = SSL_new(context.raw) else { throw .material("a TLS connection cannot be made") }
    guard dubbo_ssl_set_memory(raw) == 1, let incoming = SSL_get_rbio(raw), let outgoing = SSL_get_wbio(raw) else {
      SSL_free(raw)
      throw .material("a TLS connection cannot be made")
    }
    self.context = context
    self.raw = raw
    self.incoming = incoming
    self.outgoing = outgoing
    self.serverName = serverName
    switch context.side {
    case .server: SSL_set_accept_state(raw)
    case .client:
      SSL_set_connect_state(raw)
      try expect(serverName)
    }
  }

  deinit { SSL_free(raw) }

  /// Without a name any certificate of a trusted authority would do for any server.
  private func expect(_ name: String?) throws(TLSFailure) {
    guard let name, !name.isEmpty else { throw TLSFailure(.broken, "there is no name to hold a certificate against") }
    // A star stands for a whole label (RFC 9525, 6.3).
    SSL_set_hostflags(raw, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
    guard SSL_set1_host(raw, name) == 1 else { throw .material("'\(name)' is no name for a certificate") }
    // The extension carries host names only (RFC 6066, 3).
    if !Self.isAddress(name), dubbo_ssl_set_server_name(raw, name) != 1 {
      throw .material("'\(name)' is no name for a server")
    }
  }

  static func isAddress(_ name: String) -> Bool {
    name.contains(":")
      || name.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  // MARK: The verbs

  /// Takes bytes that came from the other side.
  package func feed(_ bytes: UnsafeRawBufferPointer) throws(TLSFailure) {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return }
    var taken = 0
    ERR_clear_error()
    guard bytes.count <= 1 << 30, BIO_write_ex(incoming, start, bytes.count, &taken) == 1, taken == bytes.count else {
      throw TLSFailure(.broken, "there is no memory for what came")
    }
  }

  /// Goes on with the handshake; true when it is done.
  package func handshake() throws(TLSFailure) -> Bool {
    guard !isEstablished else { return true }
    ERR_clear_error()
    let result = SSL_do_handshake(raw)
    guard result != 1 else {
      isEstablished = true
      try checkProtocol()
      return true
    }
    guard SSL_get_error(raw, result) == SSL_ERROR_WANT_READ else { throw failure() }
    return false
  }

  /// The next bytes of what the other side says, at most `room.count`.
  package func read(into room: UnsafeMutableRawBufferPointer) throws(TLSFailure) -> Reading {
    ERR_clear_error()
    var count = 0
    let result = SSL_read_ex(raw, room.baseAddress, room.count, &count)
    if result == 1 { return .bytes(count) }
    switch SSL_get_error(raw, result) {
    case SSL_ERROR_WANT_READ: return .nothing
    case SSL_ERROR_ZERO_RETURN: return .ended
    default: throw failure()
    }
  }

  /// Says `bytes`, at most `recordSize` of them, to the other side.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(TLSFailure) {
    // It takes an empty write for a mistake.
    guard bytes.count > 0 else { return }
    ERR_clear_error()
    var count = 0
    let result = SSL_write_ex(raw, bytes.baseAddress, bytes.count, &count)
    guard result == 1, count == bytes.count else { throw failure() }
  }

  /// Whether bytes were fed that no verb has looked at.
  package var hasIncoming: Bool { dubbo_bio_pending(incoming) > 0 || SSL_has_pending(raw) == 1 }

  /// How many bytes there are to send.
  package var outgoingBytes: Int { dubbo_bio_pending(outgoing) }

  /// Moves bytes that are to be sent into `room`, and tells how many.
  package func drain(into room: UnsafeMutableRawBufferPointer) -> Int {
    var count = 0
    guard room.count > 0, BIO_read_ex(outgoing, room.baseAddress, room.count, &count) == 1 else { return 0 }
    return count
  }

  /// Says that nothing follows. It is not waited for that the other side says so, too.
  package func shutDown() {
    guard isEstablished, !isBroken else { return }
    ERR_clear_error()
    _ = SSL_shutdown(raw)
    ERR_clear_error()
  }

  // MARK: What was agreed

  /// The application protocol; nil when the other side named none.
  package var applicationProtocol: String? {
    var name: UnsafePointer<UInt8>?
    var count: UInt32 = 0
    SSL_get0_alpn_selected(raw, &name, &count)
    guard let name, count > 0 else { return nil }
    return String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
  }

  /// The other side's certificate; nil when it has shown none.
  package var peerCertificate: PeerCertificate? {
    SSL_get1_peer_certificate(raw).map { Certificate(owning: $0).asPeer }
  }

  /// A client is answered with a protocol of its list, or the other side does not know ALPN and so no HTTP/2 over TLS
  /// (RFC 9113, 3.2). A server takes a client without ALPN by its first bytes.
  private func checkProtocol() throws(TLSFailure) {
    guard context.side == .client, applicationProtocol == nil, context.hasProtocols else { return }
    isBroken = true
    throw TLSFailure(.noProtocol, "the other side speaks TLS and names no protocol (ALPN); it must speak HTTP/2")
  }

  private func failure() -> TLSFailure {
    isBroken = true
    return .ofDialogue(raw, expecting: serverName)
  }
}
