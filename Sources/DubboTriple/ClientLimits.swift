public import DubboHTTP

/// What a provider may cost its callers. Every bound has a default that a busy honest provider never meets.
public struct ClientLimits: Sendable, Hashable {
  /// The largest reply message, in bytes, and of a compressed one what it becomes; a larger one ends its call with
  /// `RESOURCE_EXHAUSTED` before it is kept.
  public var maxMessageSize = 8 * 1_024 * 1_024
  /// How many calls may wait for one connection; the next fails with `RESOURCE_EXHAUSTED`.
  public var maxWaitingCalls = 10_000
  /// How long a connection may be without a call before it is closed; the next call opens one. nil for ever. Below the
  /// time after which routers forget a silent connection, no call meets one that is dead.
  public var idleTimeout: Duration? = .seconds(1_800)
  /// How long a provider's socket may take no byte of what waits for it before the connection is closed.
  public var writeStall = Duration.seconds(30)
  /// What each connection allows: header lists, frames that carry nothing, queues, and times.
  public var http2 = HTTP2Limits()
  /// What each connection is told: how many bytes may be under way.
  public var http2Settings = HTTP2Settings()

  public init() {}
}
