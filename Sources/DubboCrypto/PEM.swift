internal import COpenSSL

/// Certificates and keys in their text form (RFC 7468).
enum PEM {
  /// All certificates in `text`, in their order; other blocks are passed over.
  static func certificates(in text: [UInt8]) throws(TLSFailure) -> [Certificate] {
    let source = try Source(text)
    var found: [Certificate] = []
    while let raw = PEM_read_bio_X509(source.raw, nil, noPassword, nil) { found.append(Certificate(owning: raw)) }
    let (code, reason) = TLSFailure.takeErrors()
    // So it says that there is none, or no further one.
    guard code == PEM_R_NO_START_LINE else {
      throw TLSFailure(.material, "certificate \(found.count + 1) cannot be read: \(reason)")
    }
    return found
  }

  static func privateKey(in text: [UInt8], password: String?) throws(TLSFailure) -> PrivateKey {
    let source = try Source(text)
    let raw: OpaquePointer?
    if let password {
      raw = password.withCString {
        PEM_read_bio_PrivateKey(source.raw, nil, givePassword, UnsafeMutableRawPointer(mutating: $0))
      }
    } else {
      raw = PEM_read_bio_PrivateKey(source.raw, nil, noPassword, nil)
    }
    guard let raw else {
      let advice = password == nil ? "If it has a password, say so." : "Is the password right?"
      throw .material("the private key cannot be read", advice: advice)
    }
    return PrivateKey(owning: raw)
  }

  /// A text as the library reads it.
  private final class Source {
    let raw: OpaquePointer
    private let memory: UnsafeMutableBufferPointer<UInt8>

    init(_ text: [UInt8]) throws(TLSFailure) {
      ERR_clear_error()
      memory = .allocate(capacity: text.count)
      _ = memory.initialize(from: text)
      guard text.count <= 16 << 20, let raw = BIO_new_mem_buf(memory.baseAddress, CInt(text.count)) else {
        memory.deallocate()
        throw TLSFailure(.material, "a text of \(text.count) bytes cannot be read as PEM")
      }
      self.raw = raw
    }

    deinit {
      BIO_free(raw)
      memory.deallocate()
    }
  }
}

/// A private key, freed with this object.
final class PrivateKey {
  let raw: OpaquePointer

  init(owning raw: OpaquePointer) { self.raw = raw }

  deinit { EVP_PKEY_free(raw) }
}

/// Hands the library the password that it is given.
private func givePassword(
  _ buffer: UnsafeMutablePointer<CChar>?, _ size: CInt, _: CInt, _ password: UnsafeMutableRawPointer?
) -> CInt {
  guard let buffer, let password = password?.assumingMemoryBound(to: CChar.self) else { return -1 }
  let count = String(cString: password).utf8.count
  guard count <= Int(size) else { return -1 }
  buffer.update(from: password, count: count)
  return CInt(count)
}

/// Without a function of ours the library would ask at the terminal.
private func noPassword(
  _: UnsafeMutablePointer<CChar>?, _: CInt, _: CInt, _: UnsafeMutableRawPointer?
) -> CInt { -1 }
