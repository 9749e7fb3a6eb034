internal import COpenSSL

/// Why a context cannot be made or a connection has no TLS: what happened, and what to do about it.
package struct TLSFailure: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Kind: Sendable, Hashable {
    /// A certificate or key of this side cannot be used.
    case material
    /// The other side's certificate is not trusted, or is not for the name that was called.
    case untrusted
    /// The other side ended the handshake with an alert.
    case refused
    /// What comes from the other side is no TLS.
    case plaintext
    /// Both sides speak TLS and have no application protocol in common.
    case noProtocol
    /// The dialogue broke a rule of TLS, or the library failed.
    case broken
  }

  package var kind: Kind
  package var reason: String
  /// A sentence, or empty.
  package var advice: String

  package init(_ kind: Kind, _ reason: String, advice: String = "") {
    self.kind = kind
    self.reason = reason
    self.advice = advice
  }

  package var description: String { advice.isEmpty ? reason : "\(reason). \(advice)" }

  /// A certificate or key that does not do, with what the library says about it.
  static func material(_ what: String, advice: String = "") -> TLSFailure {
    let (_, text) = takeErrors()
    return TLSFailure(.material, text.isEmpty ? what : "\(what): \(text)", advice: advice)
  }

  /// The failure of a verb of `ssl`, told by the library's queue of errors, which is empty after this.
  static func ofDialogue(_ ssl: OpaquePointer, expecting name: String?) -> TLSFailure {
    let (code, text) = takeErrors()
    let verdict = SSL_get_verify_result(ssl)
    if verdict != X509_V_OK, code == SSL_R_CERTIFICATE_VERIFY_FAILED { return untrusted(verdict, name) }
    switch code {
    case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST, SSL_R_PACKET_LENGTH_TOO_LONG:
      return TLSFailure(.plaintext, "the other side does not speak TLS")
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return TLSFailure(.untrusted, "the other side shows no certificate, and must")
    case SSL_R_NO_APPLICATION_PROTOCOL:
      return TLSFailure(.noProtocol, "the other side offers no protocol that is spoken here (ALPN)")
    case SSL_AD_REASON_OFFSET + 1...SSL_AD_REASON_OFFSET + 255:
      return TLSFailure(
        .refused, "the other side refused: \(text)", advice: advice(forAlert: code - SSL_AD_REASON_OFFSET))
    default:
      return TLSFailure(.broken, text.isEmpty ? "the TLS dialogue broke" : "the TLS dialogue broke: \(text)")
    }
  }

  private static func untrusted(_ verdict: Int, _ name: String?) -> TLSFailure {
    switch Int32(truncatingIfNeeded: verdict) {
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
      return TLSFailure(.untrusted, "the other side's certificate is not for \(name ?? "this name")")
    default:
      let text = X509_verify_cert_error_string(verdict).map { String(cString: $0) } ?? "error \(verdict)"
      return TLSFailure(.untrusted, "the other side's certificate is not trusted: \(text)")
    }
  }

  private static func advice(forAlert alert: Int32) -> String {
    switch alert {
    case SSL3_AD_HANDSHAKE_FAILURE: "The two have no version or cipher in common, or a certificate is missing."
    case TLS1_AD_UNKNOWN_CA: "It does not trust the certificate of this side."
    case TLS13_AD_CERTIFICATE_REQUIRED: "It asks for a certificate: give this side one."
    case TLS1_AD_NO_APPLICATION_PROTOCOL: "It does not speak HTTP/2 over TLS."
    default: ""
    }
  }

  /// The first error of this thread's queue, which is emptied: what stays in it would be taken for the next call's.
  static func takeErrors() -> (code: Int32, text: String) {
    let first = ERR_get_error()
    ERR_clear_error()
    guard first != 0 else { return (0, "") }
    let text = ERR_reason_error_string(first).map { String(cString: $0) } ?? "error \(first)"
    return (dubbo_error_reason(first), text)
  }
}
