/// The bounds of one HTTP/2 connection: what a peer may cost before the stream is refused or the connection ends.
///
/// The defaults let a busy honest client through: one that cancels on deadlines, sends pings to measure its bandwidth,
/// or resets a stream after it has its answer. A bucket holds `burst` tokens, refilled at `perSecond`.
///
/// They bound the memory that one connection can make this side hold, in bytes:
/// - received and unread: `maxUnreadBytes` and two connection windows; for each stream at most its window;
/// - header lists: two of `maxHeaderListSize` for each stream (headers and trailers);
/// - to be sent: `maxQueuedBytes`, one message for each stream, and `maxQueuedFrames` small frames;
/// - streams: `maxConcurrentStreams` open ones, and as many handlers, which are counted until they end.
package struct HTTP2Limits: Sendable, Hashable {
  package struct Bucket: Sendable, Hashable {
    package var burst: Int
    package var perSecond: Int

    package init(burst: Int, perSecond: Int) {
      self.burst = burst
      self.perSecond = perSecond
    }
  }

  // Headers

  /// Decoded header list in RFC 9113's count (name + value + 32 each). Above it the stream is reset, alone.
  package var maxHeaderListSize = 16 * 1_024
  /// Fields of one header list.
  package var maxHeaderFields = 200
  /// CONTINUATION frames of one header block, where the library can count them.
  package var maxContinuations = 8
  /// A header list that we send, in the same count; the peer's own limit holds beside it.
  package var maxOutgoingHeaderListSize = 60 * 1_024

  // Time

  /// From the start of the connection until the peer's preface and first SETTINGS are there.
  package var prefaceTimeout: Duration = .seconds(10)
  /// Until the peer has acknowledged our SETTINGS.
  package var settingsTimeout: Duration = .seconds(10)
  /// From the start of a header block to its end.
  package var headersTimeout: Duration = .seconds(5)
  /// How long a stream with queued bytes may stand still because its peer does not read, before it is reset.
  package var streamStall: Duration = .seconds(300)
  /// The same while the connection is crowded (`crowdedBytes`).
  package var crowdedStall: Duration = .seconds(30)
  /// How long a graceful end waits for its round trip before it names the last stream.
  package var drainTimeout: Duration = .seconds(5)

  // Streams

  /// The last number that a client gives to a stream: its connection is replaced before the numbers end at 2^31 - 1.
  package var lastStreamID: Int32 = 2_147_000_001

  // Resets

  /// Streams that were opened before the share of early resets is judged.
  package var resetSample = 500
  /// Percent of the streams that the peer may reset early: before our answer and within `earlyReset` of opening them.
  package var maxEarlyResetPercent = 50
  package var earlyReset: Duration = .seconds(1)
  /// Resets that the peer makes *us* send by breaking the protocol on a stream.
  package var provokedResets = Bucket(burst: 200, perSecond: 7)

  // Frames that carry nothing

  /// SETTINGS frames.
  package var settingsFrames = Bucket(burst: 100, perSecond: 4)
  /// PING frames; the bucket is full again whenever we have sent headers or data.
  package var pings = Bucket(burst: 20, perSecond: 1)
  /// WINDOW_UPDATE, PRIORITY, RST_STREAM and unknown frames. A request earns 100, headers and data of ours 10 a frame, data of the peer 2.
  package var overheadFrames = Bucket(burst: 2_000, perSecond: 100)
  /// DATA frames in a row that are empty and do not end a stream.
  package var maxEmptyDataFrames = 10
  /// Bytes that DATA frames below 5 bytes may fall short of it, together.
  package var tinyDataCredit = Bucket(burst: 25_600, perSecond: 1_000)

  // Queues

  /// Frames that wait to be sent, beside two for each stream that may be open.
  package var maxQueuedFrames = 1_000
  /// Bytes a stream may have queued before its writer is told to wait.
  package var highWaterMark = 64 * 1_024
  /// Bytes below which the waiting writer is woken.
  package var lowWaterMark = 16 * 1_024
  /// Body bytes queued over all streams above which each stream queues one message at a time, whatever
  /// `highWaterMark` says. So streams that their peer does not read share this much and keep no other from sending.
  package var crowdedBytes = 1_024 * 1_024
  /// Body bytes queued over all streams above which a server should begin no call until some have left.
  package var maxQueuedBytes = 4 * 1_024 * 1_024
  /// Body bytes received and not consumed, over all streams, above which the connection's window stays shut.
  package var maxUnreadBytes = 16 * 1_024 * 1_024
  /// Body bytes that a stream sends before the next one has its turn.
  package var turnBytes = 32 * 1_024

  package init() {}
}
