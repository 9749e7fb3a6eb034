internal import COpenSSL
internal import DubboCore

/// An X.509 certificate, freed with this object.
final class Certificate {
  let raw: OpaquePointer

  init(owning raw: OpaquePointer) { self.raw = raw }

  deinit { X509_free(raw) }

  /// Throws when the certificate is not valid at this time.
  func checkTime() throws(TLSFailure) {
    // A time that cannot be read gives 0, and is judged by the other side.
    if X509_cmp_current_time(X509_get0_notAfter(raw)) < 0 {
      throw TLSFailure(
        .material, "the certificate of \(subject) has expired (\(text(of: X509_get0_notAfter(raw))))",
        advice: "Renew it.")
    }
    if X509_cmp_current_time(X509_get0_notBefore(raw)) > 0 {
      throw TLSFailure(
        .material, "the certificate of \(subject) is not valid yet (\(text(of: X509_get0_notBefore(raw))))",
        advice: "Is the clock right?")
    }
  }

  var subject: String {
    Self.written { dubbo_name_print($0, X509_get_subject_name(raw)) >= 0 }
  }

  /// What others may know of it.
  var asPeer: PeerCertificate {
    var dnsNames: [String] = []
    var uris: [String] = []
    if let names = X509_get_ext_d2i(raw, NID_subject_alt_name, nil, nil).map({ OpaquePointer($0) }) {
      defer { GENERAL_NAMES_free(names) }
      for index in 0..<dubbo_names_count(names) {
        var bytes: UnsafePointer<UInt8>?
        var count: CInt = 0
        let kind = dubbo_names_get(names, index, &bytes, &count)
        let text = String(decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
        if kind == GEN_DNS { dnsNames.append(text) }
        if kind == GEN_URI { uris.append(text) }
      }
    }
    return PeerCertificate(subject: subject, dnsNames: dnsNames, uris: uris, der: der)
  }

  private var der: [UInt8] {
    let count = i2d_X509(raw, nil)
    guard count > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, initialized in
      var end = buffer.baseAddress
      initialized = max(0, Int(i2d_X509(raw, &end)))
    }
  }

  private func text(of time: UnsafePointer<ASN1_TIME>?) -> String {
    Self.written { ASN1_TIME_print($0, time) == 1 }
  }

  /// What `print` writes.
  private static func written(_ print: (OpaquePointer) -> Bool) -> String {
    guard let sink = BIO_new(BIO_s_mem()) else { return "" }
    defer { BIO_free(sink) }
    guard print(sink) else { return "?" }
    let bytes = [UInt8](unsafeUninitializedCapacity: 1_024) { buffer, initialized in
      initialized = max(0, Int(BIO_read(sink, buffer.baseAddress, CInt(buffer.count))))
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
