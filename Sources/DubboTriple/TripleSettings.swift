public import DubboCore
package import DubboHTTP

/// What one side of the Triple protocol allows and how it behaves. Every bound has a default that a busy honest peer
/// never meets.
public struct TripleSettings: Sendable {
  /// The largest message that is received, in bytes; a larger one ends its call with `RESOURCE_EXHAUSTED` before it
  /// is kept (gRPC's default is 4 MiB, Dubbo Java's 8 MiB).
  public var maxMessageSize = 8 * 1_024 * 1_024
  /// How long connecting may take, names and all addresses together.
  public var connectTimeout = Duration.seconds(3)
  /// How many calls may wait for one connection; the next fails with `RESOURCE_EXHAUSTED`.
  public var maxWaitingCalls = 10_000
  /// The waits between attempts to connect.
  public var backoff = Backoff()
  /// On a connection with calls: how long nothing may come from the peer before it is asked for a sign of life.
  public var keepaliveInterval = Duration.seconds(60)
  /// How long the answer to that may take before the connection counts as dead.
  public var keepaliveTimeout = Duration.seconds(20)
  /// Where a provider's methods run.
  public var dispatcher = Dispatcher.direct
  /// Connections that a server keeps at the same time, and of them from one address.
  public var maxConnections = 10_000
  public var maxConnectionsPerPeer = 1_000

  /// The bounds of each HTTP/2 connection.
  package var http2 = HTTP2Limits()
  /// Decides the jitter of reconnecting; nil: the system does.
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
