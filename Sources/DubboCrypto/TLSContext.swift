internal import COpenSSL

/// What all connections of one side share: certificate, key, whom to trust, which protocols to speak.
///
/// `@unchecked Sendable`: everything is set in `init` and not changed after it; OpenSSL allows such a context to be used
/// from any number of threads (SSL_CTX_new(3), "NOTES").
package final class TLSContext: @unchecked Sendable {
  package let side: TLSOptions.Side
  let raw: OpaquePointer
  /// The protocols as ALPN writes them. In memory of its own, for the library keeps pointers into it.
  private let protocols: UnsafeMutableBufferPointer<UInt8>

  /// - Throws: when a certificate or key cannot be read, does not fit the other, or is out of its time.
  package init(_ options: TLSOptions) throws(TLSFailure) {
    ERR_clear_error()
    let method = options.side == .client ? TLS_client_method() : TLS_server_method()
    guard let raw = SSL_CTX_new(method) else { throw .material("TLS cannot be set up") }
    self.raw = raw
    side = options.side
    protocols = Self.wireForm(of: options.applicationProtocols)
    guard dubbo_ctx_harden(raw) == 1 else { throw .material("TLS cannot be set up") }
    try setIdentity(options)
    try setTrust(options)
    try setProtocols()
  }

  deinit {
    SSL_CTX_free(raw)
    protocols.deallocate()
  }

  // MARK: This side

  private func setIdentity(_ options: TLSOptions) throws(TLSFailure) {
    guard let chain = options.certificateChain, let key = options.privateKey else {
      guard options.side == .client, options.certificateChain == nil, options.privateKey == nil else {
        throw TLSFailure(.material, "a certificate and its key are both needed")
      }
      return
    }
    let certificates = try PEM.certificates(in: chain)
    guard let own = certificates.first else {
      throw TLSFailure(.material, "there is no certificate in the certificate chain", advice: "It is read as PEM.")
    }
    try own.checkTime()
    guard SSL_CTX_use_certificate(raw, own.raw) == 1 else { throw .material("the certificate cannot be used") }
    for certificate in certificates.dropFirst() {
      guard dubbo_ctx_add_chain_certificate(raw, certificate.raw) == 1 else {
        throw .material("the certificate chain cannot be used")
      }
    }
    let secret = try PEM.privateKey(in: key, password: options.privateKeyPassword)
    guard SSL_CTX_use_PrivateKey(raw, secret.raw) == 1, SSL_CTX_check_private_key(raw) == 1 else {
      throw .material("the private key does not belong to the certificate")
    }
  }

  // MARK: The other side

  private func setTrust(_ options: TLSOptions) throws(TLSFailure) {
    if let trusted = options.trustedCertificates {
      let authorities = try PEM.certificates(in: trusted)
      guard !authorities.isEmpty, let store = SSL_CTX_get_cert_store(raw) else {
        throw TLSFailure(.material, "there is no certificate among the trusted ones", advice: "They are read as PEM.")
      }
      for authority in authorities {
        guard X509_STORE_add_cert(store, authority.raw) == 1 else {
          throw .material("a trusted certificate cannot be used")
        }
        // Which certificates a client may choose from.
        if side == .server { SSL_CTX_add_client_CA(raw, authority.raw) }
      }
    } else if SSL_CTX_set_default_verify_paths(raw) != 1 {
      throw .material("the system's trusted certificates cannot be read")
    }
    switch (side, options.peerCertificates) {
    case (.client, _): SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nil)
    case (.server, .none): SSL_CTX_set_verify(raw, SSL_VERIFY_NONE, nil)
    case (.server, .optional): SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nil)
    case (.server, .required): SSL_CTX_set_verify(raw, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    }
    if side == .server {
      // Clients with certificates resume sessions of this context only. Connections last, so one ticket is enough.
      let name = Array("dubbo".utf8)
      guard SSL_CTX_set_session_id_context(raw, name, UInt32(name.count)) == 1, SSL_CTX_set_num_tickets(raw, 1) == 1
      else { throw .material("TLS cannot be set up") }
    }
  }

  // MARK: Application protocols

  var hasProtocols: Bool { protocols.count > 0 }

  private func setProtocols() throws(TLSFailure) {
    guard protocols.count > 0 else { return }
    switch side {
    case .client:
      // Alone among its kin this returns 0 when it has worked.
      guard SSL_CTX_set_alpn_protos(raw, protocols.baseAddress, UInt32(protocols.count)) == 0 else {
        throw .material("the protocols of TLS cannot be set")
      }
    case .server:
      // A connection holds this object, so that it is there whenever the library calls.
      let this = Unmanaged.passUnretained(self).toOpaque()
      SSL_CTX_set_alpn_select_cb(raw, Self.selectProtocol, this)
    }
  }

  private static let selectProtocol: SSL_CTX_alpn_select_cb_func = { _, chosen, chosenCount, offered, count, this in
    guard let this else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    let own = Unmanaged<TLSContext>.fromOpaque(this).takeUnretainedValue().protocols
    // It wants to write through the pointer, and never does.
    var found: UnsafeMutablePointer<UInt8>?
    let verdict = SSL_select_next_proto(&found, chosenCount, own.baseAddress, UInt32(own.count), offered, count)
    guard verdict == OPENSSL_NPN_NEGOTIATED else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    chosen?.pointee = UnsafePointer(found)
    return SSL_TLSEXT_ERR_OK
  }

  /// Each name behind a byte with its length.
  private static func wireForm(of names: [String]) -> UnsafeMutableBufferPointer<UInt8> {
    var bytes: [UInt8] = []
    for name in names where !name.isEmpty && name.utf8.count < 256 {
      bytes.append(UInt8(name.utf8.count))
      bytes += name.utf8
    }
    let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = memory.initialize(from: bytes)
    return memory
  }
}
