package import DubboCore

/// One HTTP/2 connection without its socket: bytes in, events out; calls in, bytes out.
///
/// A plain class, confined to the loop of its connection. The caller's round: `receive` what the socket gave, take
/// `nextEvent` until there is none, `produce` while `needsFlush`, events again (producing may wake writers), and
/// `close()` once `isFinished` or the socket is gone. Time comes in as data.
///
/// What is stored here is visible to the module alone, and the parts that change in place are objects: so the compiler
/// proves exclusive access, which it would otherwise check at run time on every call (a fifth of the engine's time).
package final class HTTP2Session {
  package let role: HTTP2Role
  package let settings: HTTP2Settings
  package let limits: HTTP2Limits
  let makeStream: () -> HTTP2Stream

  /// Nil once the session is closed: whoever calls later finds nothing.
  var codec: FrameCodec?
  let events = EventQueue()
  var now: MonotonicInstant
  /// Set while the library runs. It must not be entered again or deleted then.
  var isInsideCodec = false

  /// A call has left something to send: call `produce`.
  package var needsFlush: Bool { hasOutput }
  var hasOutput = true
  /// Why the connection broke; the reason is for logs and for the calls that it took along.
  package var failure: HTTP2Failure? { ending }
  var ending: HTTP2Failure?
  /// Found inside a callback, acted on after it.
  var violation: HTTP2Failure?
  var complaint: String?
  /// The last GOAWAY, made by hand where the library can no longer make one.
  var lastWords: [UInt8] = []

  // Streams

  /// The streams between their opening and their `closed` event.
  let live = LiveStreams()
  let turns = TurnQueue()
  var sentSinceTurn = 0
  var queuedBodyBytes = 0
  let slots = HandlerSlots()
  /// The stream of the last look-up; unretained, for `live` holds it, and `delist` clears this.
  unowned(unsafe) var recent: HTTP2Stream?

  // Header blocks

  /// The stream whose block is being received; unretained, for `live` holds it, and `delist` clears this.
  unowned(unsafe) var blockStream: HTTP2Stream?
  let collector: HeaderCollector
  let vector = HeaderVector()

  // Flow control

  /// Arrived in this `receive` and not yet credited to the connection.
  var arrivedBytes = 0
  /// Kept back because too much is unread.
  var heldCredit = 0
  package var unreadBytes: Int { unread }
  var unread = 0

  // The peer

  var peerMaxStreams: UInt32
  var peerMaxHeaderListSize = UInt32.max
  /// The peer has announced its end.
  package var goAwayReceived: Bool { peerLeaves }
  var peerLeaves = false
  var goAwaySent = false
  /// What our GOAWAY names. The library lets later streams in until the frame has left, and a peer may have sent one: it
  /// will be told that none of them was begun, and may do the call elsewhere.
  var lastServed = Int32.max

  var counts = HTTP2Counters()
  let budget: FrameBudget
  let timers: SessionTimers

  /// Makes the session and queues our SETTINGS. `makeStream` gives what a server keeps for each request; sessions of one
  /// loop may share `memory`.
  package init(
    role: HTTP2Role, settings: HTTP2Settings = .init(), limits: HTTP2Limits = .init(),
    memory: CodecMemory = CodecMemory(), makeStream: @escaping () -> HTTP2Stream = { HTTP2Stream() },
    now: MonotonicInstant
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
    guard let codec = FrameCodec(role: role, limits: limits, memory: memory, context: self) else {
      throw HTTP2Failure(origin: .resources, code: .internalError, reason: "no memory for an HTTP/2 session")
    }
    self.codec = codec
    peerMaxStreams = codec.remoteMaxConcurrentStreams
    _ = codec.submitSettings(settings, role: role, maxHeaderListSize: limits.maxHeaderListSize)
    codec.setConnectionWindow(settings.connectionWindow)
  }

  deinit {
    while let stream = live.first { live.remove(stream) }
    codec?.end()
  }

  /// The next thing that happened, nil when all is told.
  package func nextEvent() -> HTTP2Event? {
    events.next()
  }

  /// The streams that are open in either direction, in no order.
  package var openStreams: ContiguousArray<HTTP2Stream> { live.all }
  /// How many they are.
  package var liveStreams: Int { live.count }
  /// Body bytes that wait in the streams' queues.
  package var queuedBytes: Int { queuedBodyBytes }
  /// They are more than one connection should hold: begin no call until some have left.
  package var isOverQueued: Bool { queuedBodyBytes >= limits.maxQueuedBytes }
  /// They are so many that each stream has one message at a time.
  var isCrowded: Bool { queuedBodyBytes >= limits.crowdedBytes }
  /// Nothing is left to read or to write: the socket can be closed.
  package var isFinished: Bool {
    guard let codec else { return lastWords.isEmpty }
    return !codec.wantsWrite && (ending != nil || !codec.wantsRead)
  }

  func found(_ streamID: Int32) -> HTTP2Stream? {
    if let recent, recent.streamID == streamID { return recent }
    guard let stream = codec?.stream(streamID) else { return nil }
    recent = stream
    return stream
  }

  func enlist(_ stream: HTTP2Stream) {
    counts.opened += 1
    stream.turnCredit = limits.turnBytes
    stream.openedAt = now
    stream.openedAfter = budget.halvings
    live.append(stream, of: self)
  }

  /// Takes a stream off the books: what it has queued and unread no longer counts.
  func delist(_ stream: HTTP2Stream) {
    if recent === stream { recent = nil }
    if blockStream === stream { blockStream = nil }
    queuedBodyBytes -= stream.queuedBytes
    forgetUnread(of: stream)
    live.remove(stream)
  }
}
