import DubboCore
import DubboCrypto
import TestDoubles
import Testing

@Suite struct TLSContextTests {
  private func failure(_ options: TLSOptions) -> String? {
    do throws(TLSFailure) {
      _ = try TLSContext(options)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func `a key that belongs to another certificate is refused`() {
    let text = failure(.server { $0.privateKey = Array(TestCertificates.clientKey.utf8) })
    #expect(text?.hasPrefix("the private key does not belong to the certificate") == true)
  }

  @Test func `a certificate out of its time is refused with its name and its end`() {
    let text = failure(.server { $0.show(TestCertificates.expired, TestCertificates.expiredKey) })
    #expect(text == "the certificate of CN=localhost has expired (Jan  2 00:00:00 2020 GMT). Renew it.")
  }

  @Test func `a locked key opens with its password only, and nobody is asked at the terminal`() {
    func locked(_ password: String?) -> String? {
      failure(
        .server {
          $0.privateKey = Array(TestCertificates.lockedKey.utf8)
          $0.privateKeyPassword = password
        })
    }
    #expect(locked("secret") == nil)
    #expect(locked("wrong")?.hasSuffix("Is the password right?") == true)
    #expect(locked(nil)?.hasSuffix("If it has a password, say so.") == true)
    #expect(locked(String(repeating: "x", count: 5_000)) != nil)
  }

  @Test func `what is no PEM is refused by what it should be`() {
    let garbage = Array("no certificate at all".utf8)
    #expect(failure(.server { $0.certificateChain = garbage })?.hasPrefix("there is no certificate in the") == true)
    #expect(failure(.server { $0.privateKey = garbage })?.hasPrefix("the private key cannot be read") == true)
    #expect(failure(.client { $0.trustedCertificates = garbage })?.hasPrefix("there is no certificate among") == true)
    #expect(failure(.client { $0.trustedCertificates = [] }) != nil)
    let cut = Array(TestCertificates.authority.utf8.prefix(300)) + Array("\n-----END CERTIFICATE-----\n".utf8)
    #expect(failure(.client { $0.trustedCertificates = cut })?.hasPrefix("certificate 1 cannot be read") == true)
  }

  @Test func `a server needs a certificate and a key, a client neither or both`() {
    #expect(failure(TLSOptions(.server))?.hasPrefix("a certificate and its key") == true)
    #expect(failure(.server { $0.privateKey = nil }) != nil)
    #expect(failure(.client { $0.privateKey = Array(TestCertificates.clientKey.utf8) }) != nil)
    #expect(failure(TLSOptions(.client)) == nil)
  }

  @Test func `connections keep the context that they have when it is replaced`() throws {
    let source = TLSContextSource(try TLSContext(.server()))
    let client = try TLSContext(.client())
    let before = try TLSPair(client: client, server: source.current)
    before.talk()
    source.replace(with: try TLSContext(.server { $0.show(TestCertificates.renewed, TestCertificates.renewedKey) }))
    let after = try TLSPair(client: client, server: source.current)
    after.talk()
    #expect(before.client.peerCertificate?.subject == "CN=localhost,O=Shop")
    #expect(after.client.peerCertificate?.subject == "CN=renewed,O=Shop")
    try before.say([1], on: before.client)
    before.carry(from: before.client)
    #expect(before.serverReceived == [1])
  }
}
