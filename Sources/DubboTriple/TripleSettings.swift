public import DubboCore
package import DubboCrypto

/// How the Triple protocol behaves, and what it allows to the peers of either side.
public struct TripleSettings: Sendable {
  /// What callers may cost this side's servers.
  public var server = ServerLimits()
  /// What providers may cost this side's callers.
  public var client = ClientLimits()
  /// How long connecting may take, names and all addresses together.
  public var connectTimeout = Duration.seconds(3)
  /// How long the addresses of a provider's name count while a connection to one of them lasts. Then the name is looked up
  /// anew, as it is for every connection; a connection to an address that the name has no longer takes no new call. When the
  /// look-up fails, the addresses of the last time go on to count. nil: only for a new connection.
  public var nameAge: Duration? = .seconds(300)
  /// The waits between attempts to connect.
  public var backoff = Backoff()
  /// On a caller's connection with calls: how long nothing may come from the provider before it is asked for a sign of
  /// life.
  public var keepaliveInterval = Duration.seconds(60)
  /// How long the answer to that may take before the connection counts as dead.
  public var keepaliveTimeout = Duration.seconds(20)
  /// The compressions of messages that this side understands, by the names of `grpc-encoding`. A service compresses its
  /// replies, and a caller its requests, with the one that the `compressor` of its URL names.
  public var compressions: [String: any Compression] = [
    "gzip": ZlibCompression(.gzip), "deflate": ZlibCompression(.deflate),
  ]
  /// Where a provider's methods run.
  public var dispatcher = Dispatcher.direct

  /// How this side's servers encrypt; nil: they speak in clear.
  package var serverTLS: TLSContextSource?
  /// How its callers do.
  package var callerTLS = CallerTLSSettings()

  /// Decides the jitter of reconnecting and of ages; nil: the system does.
  package var seed: UInt64?

  public init() {}

  /// Where a provider's methods run (Dubbo's `dispatcher`).
  public enum Dispatcher: String, Sendable, Hashable {
    /// On the connection's event loop: the fastest, for methods that do not block or compute for long.
    case direct
    /// On Swift's global pool.
    case all
  }
}
