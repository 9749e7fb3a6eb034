/// What we tell the peer in our first SETTINGS frame (RFC 9113, section 6.5.2), and the connection window.
public struct HTTP2Settings: Sendable, Hashable {
  /// How many streams the peer may have open at once; servers only. Handlers that outlive their stream count too.
  public var maxConcurrentStreams: UInt32 = 1_000
  /// Bytes of one stream that may be on their way to us and unread: the bound of what a stream can make us hold.
  public var streamWindow: UInt32 = 256 * 1_024
  /// Bytes of all streams that may be on their way. Credited on arrival, so that one unread stream blocks no other.
  public var connectionWindow: UInt32 = 1_024 * 1_024
  /// The largest DATA frame that we accept, 16,384 to 16,777,215 bytes.
  public var maxFrameSize: UInt32 = 16_384

  public init() {}
}
