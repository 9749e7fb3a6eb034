internal import DubboCore
internal import DubboHTTP
internal import DubboIO

/// One connection to a provider: moves bytes between the stream and the HTTP/2 engine, and events from the engine to
/// the calls and the slot. Confined to its loop.
final class ClientConnection: ByteStreamHandler {
  let name: String
  /// Why the connection broke; nil while it has not.
  private(set) var trouble: String?
  private let stream: ByteStream
  let session: HTTP2Session
  private let loop: EventLoop
  private let settings: TripleSettings
  private weak var slot: ConnectionSlot?
  private var timer = DeadlineToken.none
  private var timerAt = MonotonicInstant.distantFuture
  private var watch: ConnectionWatch
  private var lastStreamID: Int32 = 0
  private(set) var isReady = false
  private var hasServed = false
  /// No call is sent any more; those that run go on, and then the connection closes.
  private(set) var isLeaving = false

  init(stream: ByteStream, slot: ConnectionSlot, target: CallTarget, until deadline: MonotonicInstant) throws {
    self.stream = stream
    self.slot = slot
    loop = stream.loop
    name = target.name
    settings = target.settings
    watch = ConnectionWatch(settings.callersPeriods, now: loop.now)
    session = try HTTP2Session(
      role: .client, settings: settings.client.http2Settings, limits: target.limits, now: loop.now)
    // A peer that accepts and never speaks is as good as one that refuses.
    armTimer(at: deadline)
  }

  /// The address that it was made to.
  var peer: SocketAddress { stream.peer }

  /// How many calls could be sent now.
  var availableStreams: Int { isReady && !isLeaving && !isWornOut ? session.availableStreams : 0 }
  /// Its numbers for streams come to an end: the next call goes to another connection.
  private var isWornOut: Bool { lastStreamID >= session.limits.lastStreamID }

  /// It stood, and no call was sent on it.
  var isUnused: Bool { isReady && lastStreamID == 0 }

  func send(_ call: ClientCall, _ head: RequestHead) throws(HTTP2Refusal) {
    try call.request(head, on: session)
    call.connection = self
    if session.liveStreams == 1 {
      watch.callsBegin()
      armWatch()
    }
    lastStreamID = call.id
    touch()
  }

  /// Has what is to be sent leave at the end of the turn.
  func touch() {
    if session.needsFlush { stream.markDirty() }
  }

  // MARK: From the socket

  func streamReceived(_ bytes: UnsafeRawBufferPointer) {
    watch.heard(loop.now)
    // A failure is told by the `failed` event, too.
    try? session.receive(bytes, now: loop.now)
    handleEvents()
    touch()
  }

  func streamReachedEnd() {
    if trouble == nil, !isLeaving { trouble = "the other side closed it" }
    stream.finish()
    end()
  }

  func streamFlush() {
    if isWornOut, !isLeaving {
      isLeaving = true
      slot?.connectionLeaves(self, isOurWill: true)
    }
    session.produce(into: stream.output, limit: 65_536)
    handleEvents()
    if session.needsFlush {
      stream.markDirty()
    } else if session.isFinished || (isLeaving && session.liveStreams == 0) {
      stream.finish()
    }
  }

  func streamDrained() {}

  func streamClosed(_ reason: StreamCloseReason) {
    if trouble == nil, reason != .finished { trouble = reason.description }
    end()
  }

  private func end() {
    loop.deadlines.cancel(timer)
    isLeaving = true
    if trouble == nil { trouble = session.failure?.reason ?? "it was closed" }
    session.close()
    handleEvents()
    slot?.connectionEnded(self, trouble: trouble ?? "")
  }

  // MARK: Events

  private func handleEvents() {
    var isRoomMade = false
    while let event = session.nextEvent() {
      switch event {
      case .headers(let stream, let endStream):
        if !hasServed { serves() }
        call(stream).headersArrived(endStream: endStream, from: name)
      case .data(let stream, let bytes): call(stream).receive(bytes)
      case .end(let stream), .trailers(let stream): call(stream).answerEnded(from: name)
      case .drained(let stream): call(stream).drained()
      case .closed(let stream, let code):
        call(stream).closed(code, on: self)
        isRoomMade = true
        if session.liveStreams == 0 { watch.callsEnd(loop.now) }
      case .settings:
        if !isReady, !isLeaving {
          isReady = true
          armTimer(at: watch.next(hasCalls: false))
          slot?.connectionReady(self)
        }
        isRoomMade = true
      case .pong: break
      case .goAway(let last, let code, let debug):
        // It ends in order when it still serves what it was asked.
        if session.openStreams.contains(where: { $0.id <= last }) { serves() }
        peerLeaves(code, debug)
      case .failed: trouble = session.failure?.reason
      }
    }
    if isRoomMade, availableStreams > 0 { slot?.roomMade(on: self) }
  }

  private func serves() {
    hasServed = true
    slot?.hasServed(self)
  }

  private func call(_ stream: HTTP2Stream) -> ClientCall {
    // The slot sends nothing else.
    unsafeDowncast(stream, to: ClientCall.self)
  }

  private func peerLeaves(_ code: HTTP2ErrorCode, _ debug: [UInt8]) {
    isLeaving = true
    if code != .noError {
      trouble = "the other side ended it with \(code) \(String(decoding: debug.prefix(200), as: UTF8.self))"
    }
    slot?.connectionLeaves(self)
    touch()
    if session.liveStreams == 0 { stream.markDirty() }
  }

  // MARK: The end

  /// Sends no more calls; the connection closes when the last one has ended.
  func leave() {
    isLeaving = true
    session.shutDownGracefully(now: loop.now)
    stream.markDirty()
  }

  /// Ends at once; calls fail with `why`.
  func abort(_ why: String) {
    if trouble == nil { trouble = why }
    stream.close(.closed(why))
  }
}

extension ClientConnection: DeadlineHandler {
  private func armTimer(at instant: MonotonicInstant) {
    disarmTimer()
    timerAt = instant
    timer = loop.deadlines.arm(self, at: instant)
  }

  private func disarmTimer() {
    loop.deadlines.cancel(timer)
    timerAt = .distantFuture
  }

  private func armWatch() {
    let next = watch.next(hasCalls: session.liveStreams > 0)
    if isReady, next < timerAt { armTimer(at: next) }
  }

  func deadlineReached(_ token: DeadlineToken) {
    timerAt = .distantFuture
    let now = loop.currentTime()
    guard isReady else { return abort("the other side did not begin to speak HTTP/2 in time") }
    session.check(now: now)
    handleEvents()
    switch watch.check(hasCalls: session.liveStreams > 0, now: now) {
    case .good: break
    case .ask: session.ping()
    case .dead: return abort("the other side gave no sign of life")
    case .idle, .old, .overdue:
      leave()
      slot?.connectionLeaves(self, isOurWill: true)
    }
    touch()
    armWatch()
  }
}

extension TripleSettings {
  /// When a caller's connection asks for signs of life and rests.
  fileprivate var callersPeriods: ConnectionWatch.Periods {
    ConnectionWatch.Periods(
      silence: Period(keepaliveInterval), answer: Period(keepaliveTimeout), asksWhenIdle: false,
      idle: Period(client.idleTimeout))
  }
}
