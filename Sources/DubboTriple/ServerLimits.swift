public import DubboHTTP

/// What callers may cost a server. Every bound has a default that a busy honest caller never meets; the documentation's
/// page on limits says what happens when one is reached.
public struct ServerLimits: Sendable, Hashable {
  /// The largest request message, in bytes, and of a compressed one what it becomes; a larger one ends its call with
  /// `RESOURCE_EXHAUSTED` before it is kept (gRPC's default is 4 MiB, Dubbo Java's 8 MiB).
  public var maxMessageSize = 8 * 1_024 * 1_024
  /// Connections that are open at the same time; the next one is closed at once.
  public var maxConnections = 10_000
  /// The same, of one address.
  public var maxConnectionsPerPeer = 1_000
  /// How long a connection may be without a call before its caller is sent elsewhere (GOAWAY); nil for ever.
  public var idleTimeout: Duration? = .seconds(1_800)
  /// How old a connection may become before its caller is sent to a new one, so that load finds new servers; nil for
  /// ever. Each connection's own limit differs from it by up to a tenth, so that callers do not all come at once.
  public var maxConnectionAge: Duration?
  /// How long calls may go on after that before they end with `UNAVAILABLE`.
  public var maxConnectionAgeGrace = Duration.seconds(60)
  /// How long nothing may come from a caller before it is asked for a sign of life (gRPC's default).
  public var keepaliveInterval = Duration.seconds(7_200)
  /// How long the answer to that may take before the connection counts as dead.
  public var keepaliveTimeout = Duration.seconds(20)
  /// How long a caller's socket may take no byte of what waits for it before the connection is closed.
  public var writeStall = Duration.seconds(30)
  /// What each connection allows: header lists, resets, frames that carry nothing, queues, and times.
  public var http2 = HTTP2Limits()
  /// What each connection is told: how many calls at once, and how many bytes may be under way.
  public var http2Settings = HTTP2Settings()

  public init() {}

  /// The most that one connection can make the server hold, in bytes, if methods write at most `largestReply` at a time.
  /// What the methods keep is not in it, nor the loops' own megabyte each.
  public func memoryBound(largestReply: Int) -> Int {
    let streams = http2.memoryBound(http2Settings, largestMessage: largestReply)
    let assembled = Int128(http2Settings.maxConcurrentStreams) * Int128(maxMessageSize)
    return Int(clamping: Int128(streams) + assembled + 160 * 1_024)
  }
}
