internal import DubboCore
package import DubboCrypto
internal import DubboIO

/// Which providers are called over TLS, and how.
package struct CallerTLSSettings: Sendable {
  /// What connections are made with, asked for when it is needed; throws a sentence when it cannot be had.
  package var contexts: @Sendable () throws -> TLSContextSource = {
    TLSContextSource(try TLSContext(TLSOptions(.client)))
  }
  /// All providers are called over TLS, whatever their URLs say.
  package var isForAll = false
  /// The name that certificates must have; nil for the host of the provider's URL.
  package var serverName: String?

  package init() {}

  /// How `url` is called; nil for in clear. A provider whose URL asks for TLS is never called without.
  func tls(for url: DubboURL) throws(DubboError) -> CallerTLS? {
    guard isForAll || url[TLSEnabledKey.self] else { return nil }
    do {
      return CallerTLS(try contexts(), serverName: serverName ?? (url.host.isEmpty ? "localhost" : url.host))
    } catch {
      throw DubboError(
        .invalidArgument, "\(url.address) is called over TLS, and that is not possible: \(error)",
        reason: .configuration, progress: .notSent, cause: error)
    }
  }
}
