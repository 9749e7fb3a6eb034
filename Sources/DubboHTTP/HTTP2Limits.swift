/// The bounds of one HTTP/2 connection: what a peer may cost before the stream is refused or the connection ends.
///
/// The defaults let a busy honest client through: one that cancels on deadlines, sends pings to measure its bandwidth,
/// or resets a stream after it has its answer. A bucket holds `burst` tokens, refilled at `perSecond`.
///
/// They bound the memory that one connection can make this side hold: `memoryBound(_:largestMessage:)`. Counts and bytes
/// below 0 count as 0 and those above 2^40 as that; durations that are not positive end at once what they measure.
public struct HTTP2Limits: Sendable, Hashable {
  /// What happens at most `burst` times at once and `perSecond` times a second for long.
  public struct Bucket: Sendable, Hashable {
    public var burst: Int
    public var perSecond: Int

    public init(burst: Int, perSecond: Int) {
      self.burst = burst
      self.perSecond = perSecond
    }
  }

  // Headers

  /// Decoded header list in RFC 9113's count (name + value + 32 each). Above it the stream is reset, alone.
  public var maxHeaderListSize = 16 * 1_024
  /// Fields of one header list.
  public var maxHeaderFields = 200
  /// CONTINUATION frames of one header block, where the library can count them.
  public var maxContinuations = 8
  /// A header list that we send, in the same count; the peer's own limit holds beside it.
  public var maxOutgoingHeaderListSize = 60 * 1_024

  // Time

  /// From the start of the connection until the peer's preface and first SETTINGS are there.
  public var prefaceTimeout: Duration = .seconds(10)
  /// Until the peer has acknowledged our SETTINGS.
  public var settingsTimeout: Duration = .seconds(10)
  /// From the start of a header block to its end.
  public var headersTimeout: Duration = .seconds(5)
  /// How long a stream with queued bytes may stand still because its peer does not read, before it is reset.
  public var streamStall: Duration = .seconds(300)
  /// The same while the connection is crowded (`crowdedBytes`).
  public var crowdedStall: Duration = .seconds(30)
  /// How long a graceful end waits for its round trip before it names the last stream.
  public var drainTimeout: Duration = .seconds(5)

  // Streams

  /// The last number that a client gives to a stream: its connection is replaced before the numbers end at 2^31 - 1.
  public var lastStreamID: Int32 = 2_147_000_001

  // Resets

  /// Streams that were opened before the share of early resets is judged.
  public var resetSample = 500
  /// Percent of the streams that the peer may reset early: before our answer and within `earlyReset` of opening them.
  public var maxEarlyResetPercent = 50
  public var earlyReset: Duration = .seconds(1)
  /// Resets that the peer makes *us* send by breaking the protocol on a stream. One for a header list over its limit
  /// counts as eight.
  public var provokedResets = Bucket(burst: 200, perSecond: 7)

  // Frames that carry nothing

  /// SETTINGS frames.
  public var settingsFrames = Bucket(burst: 100, perSecond: 4)
  /// PING frames; the bucket is full again whenever we have sent headers or data.
  public var pings = Bucket(burst: 20, perSecond: 1)
  /// WINDOW_UPDATE, PRIORITY, RST_STREAM and unknown frames. A request earns 100, headers and data of ours 10 a frame, data of the peer 2.
  public var overheadFrames = Bucket(burst: 2_000, perSecond: 100)
  /// DATA frames in a row that are empty and do not end a stream.
  public var maxEmptyDataFrames = 10
  /// Bytes that DATA frames below 5 bytes may fall short of it, together.
  public var tinyDataCredit = Bucket(burst: 25_600, perSecond: 1_000)

  // Queues

  /// Frames that wait to be sent, beside two for each stream that may be open.
  public var maxQueuedFrames = 1_000
  /// Bytes a stream may have queued before its writer is told to wait.
  public var highWaterMark = 64 * 1_024
  /// Bytes below which the waiting writer is woken.
  public var lowWaterMark = 16 * 1_024
  /// Body bytes queued over all streams above which each stream queues one message at a time, whatever
  /// `highWaterMark` says. So streams that their peer does not read share this much and keep no other from sending.
  public var crowdedBytes = 1_024 * 1_024
  /// Body bytes queued over all streams above which a server should begin no call until some have left.
  public var maxQueuedBytes = 4 * 1_024 * 1_024
  /// Body bytes received and not consumed, over all streams, above which the connection's window stays shut.
  public var maxUnreadBytes = 16 * 1_024 * 1_024
  /// Body bytes that a stream sends before the next one has its turn.
  public var turnBytes = 32 * 1_024

  public init() {}
}

extension HTTP2Limits {
  /// The same with every count held between 0 and 2^40, which sums and products of the engine cannot overflow.
  package var heldInRange: HTTP2Limits {
    var limits = self
    for count in Self.counts { limits[keyPath: count] = min(max(limits[keyPath: count], 0), 1 << 40) }
    return limits
  }

  private static var counts: [WritableKeyPath<HTTP2Limits, Int>] {
    let buckets: [WritableKeyPath<HTTP2Limits, Bucket>] = [
      \.provokedResets, \.settingsFrames, \.pings, \.overheadFrames, \.tinyDataCredit,
    ]
    return [
      \.maxHeaderListSize, \.maxHeaderFields, \.maxContinuations, \.maxOutgoingHeaderListSize, \.resetSample,
      \.maxEarlyResetPercent, \.maxEmptyDataFrames, \.maxQueuedFrames, \.highWaterMark, \.lowWaterMark, \.crowdedBytes,
      \.maxQueuedBytes, \.maxUnreadBytes, \.turnBytes,
    ] + buckets.flatMap { [$0.appending(path: \.burst), $0.appending(path: \.perSecond)] }
  }
}
