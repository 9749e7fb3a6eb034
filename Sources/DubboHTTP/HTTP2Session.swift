package import DubboCore

/// One HTTP/2 connection without its socket: bytes in, events out; calls in, bytes out.
///
/// A plain class, confined to the loop of its connection. The caller's round: `receive` what the socket gave, take
/// `nextEvent` until there is none, `produce` while `needsFlush`, events again (producing may wake writers), and
/// `close()` once `isFinished` or the socket is gone. Time comes in as data.
package final class HTTP2Session {
  package let role: HTTP2Role
  package let settings: HTTP2Settings
  package let limits: HTTP2Limits
  let makeStream: () -> HTTP2Stream

  /// Nil once the session is closed: whoever calls later finds nothing.
  var codec: FrameCodec?
  var events = EventQueue()
  var now: MonotonicInstant
  /// Set while the library runs. It must not be entered again or deleted then.
  var isInsideCodec = false

  /// A call has left something to send: call `produce`.
  package internal(set) var needsFlush = true
  /// Why the connection broke; the reason is for logs and for the calls that it took along.
  package internal(set) var failure: HTTP2Failure?
  /// Found inside a callback, acted on after it.
  var violation: HTTP2Failure?
  var complaint: String?
  /// The last GOAWAY, made by hand where the library can no longer make one.
  var lastWords: [UInt8] = []

  // Streams

  /// Every stream between its opening and its `closed` event. It keeps alive what the library points to.
  var live: ContiguousArray<HTTP2Stream> = []
  var turns = TurnQueue()
  var sentSinceTurn = 0
  var queuedBodyBytes = 0
  var heldSlots = 0
  /// The stream of the last look-up, held by `live`.
  var recent: HTTP2Stream?

  // The header block at hand

  var blockStream: HTTP2Stream?
  var blockStatus = 0
  var collector: HeaderCollector
  var vector = HeaderVector()
  var recentMethod = RecentBytes()
  var recentScheme = RecentBytes()
  var recentAuthority = RecentBytes()
  var recentPath = RecentBytes()

  // Flow control

  /// Arrived in this `receive` and not yet credited to the connection.
  var arrivedBytes = 0
  /// Kept back because too much is unread.
  var heldCredit = 0
  package internal(set) var unreadBytes = 0

  // The peer

  var peerMaxStreams: UInt32
  var peerMaxHeaderListSize = UInt32.max
  /// The peer has announced its end.
  package internal(set) var goAwayReceived = false
  var goAwaySent = false

  var budget: FrameBudget
  var timers: SessionTimers

  /// Makes the session and queues our SETTINGS. `makeStream` gives what a server keeps for each request.
  package init(
    role: HTTP2Role, settings: HTTP2Settings = .init(), limits: HTTP2Limits = .init(),
    makeStream: @escaping () -> HTTP2Stream = { HTTP2Stream() }, now: MonotonicInstant
  ) throws(HTTP2Failure) {
    self.role = role
    self.settings = settings
    self.limits = limits
    self.makeStream = makeStream
    self.now = now
    collector = HeaderCollector(limits)
    budget = FrameBudget(limits, now: now)
    timers = SessionTimers(limits, now: now)
    peerMaxStreams = 100
    guard let codec = FrameCodec(role: role, limits: limits, context: self) else {
      throw HTTP2Failure(origin: .resources, code: .internalError, reason: "no memory for an HTTP/2 session")
    }
    self.codec = codec
    peerMaxStreams = codec.remoteMaxConcurrentStreams
    _ = codec.submitSettings(settings, role: role, maxHeaderListSize: limits.maxHeaderListSize)
    codec.setConnectionWindow(settings.connectionWindow)
  }

  deinit {
    for stream in live { stream.session = nil }
    codec?.end()
  }

  /// The next thing that happened, nil when all is told.
  package func nextEvent() -> HTTP2Event? {
    events.next()
  }

  /// The streams that are open in either direction, in no order.
  package var openStreams: ContiguousArray<HTTP2Stream> { live }
  /// How many they are.
  package var liveStreams: Int { live.count }
  /// Body bytes that wait in the streams' queues.
  package var queuedBytes: Int { queuedBodyBytes }
  /// Nothing is left to read or to write: the socket can be closed.
  package var isFinished: Bool {
    guard let codec else { return lastWords.isEmpty }
    return !codec.wantsWrite && (failure != nil || !codec.wantsRead)
  }

  func found(_ streamID: Int32) -> HTTP2Stream? {
    if let recent, recent.id == streamID { return recent }
    guard let stream = codec?.stream(streamID) else { return nil }
    recent = stream
    return stream
  }

  func enlist(_ stream: HTTP2Stream) {
    stream.session = self
    stream.slot = live.count
    stream.turnCredit = limits.turnBytes
    stream.openedAt = now
    live.append(stream)
  }

  /// Takes a stream off the books: what it has queued and unread no longer counts.
  func delist(_ stream: HTTP2Stream) {
    if let last = live.popLast(), last !== stream {
      live[stream.slot] = last
      last.slot = stream.slot
    }
    if recent === stream { recent = nil }
    if blockStream === stream { blockStream = nil }
    queuedBodyBytes -= stream.queuedBytes
    forgetUnread(of: stream)
    stream.session = nil
  }
}
