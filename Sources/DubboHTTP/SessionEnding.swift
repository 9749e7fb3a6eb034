package import DubboCore

/// How streams, and the connection, come to their end.
extension HTTP2Session {
  // MARK: Streams

  func resetArrived(_ streamID: Int32) {
    counts.resetsReceived += 1
    guard role == .server, let stream = found(streamID) else { return }
    let isEarly = stream.sending != .finished && now < stream.openedAt.advanced(by: limits.earlyReset)
    guard isEarly, !stream.isNearDeadline(now) else { return }
    counts.earlyResets += 1
    if budget.earlyReset(openedAfter: stream.openedAfter) {
      violate(.enhanceYourCalm, "the peer resets most of its streams right after it opened them")
    }
  }

  func resetLeft(_ streamID: Int32, _ code: HTTP2ErrorCode) {
    counts.resetsSent += 1
    // What we refused was counted then.
    guard let stream = found(streamID), !stream.resetRequested, stream.ownReset == nil else { return }
    wasProvoked(nil)
  }

  /// Counts a reset that the peer made us, or the library, decide on. At once, and not when it leaves: what the peer has
  /// sent meanwhile should not be worked off first.
  func wasProvoked(_ reason: HTTP2Stream.ResetReason?) {
    counts.provokedResets += 1
    if !budget.provokedReset(reason, now) {
      violate(.enhanceYourCalm, "the peer made us reset too many of its streams by breaking the protocol on them")
    }
  }

  func streamClosed(_ streamID: Int32, _ code: HTTP2ErrorCode) {
    guard let stream = found(streamID) else { return }
    delist(stream)
    if stream.isAnnounced { events.append(.closed(stream, code)) }
  }

  // MARK: The connection

  /// First says that the end is near, so that no request on its way is lost; after one round trip names the last
  /// stream. Streams go on to their end; `isFinished` tells when all is done.
  package func shutDownGracefully(now: MonotonicInstant) {
    guard let codec, ending == nil, !goAwaySent else { return }
    self.now = now
    hasOutput = true
    guard role == .server else { return goAway() }
    goAwaySent = true
    codec.submitShutdownNotice()
    codec.submitPing(Self.drainPing)
    timers.drainBegan(limits, now)
  }

  /// Takes no further stream from the peer, or opens none; those that are open go on.
  package func goAway(_ code: HTTP2ErrorCode = .noError, debug: [UInt8] = []) {
    guard let codec, ending == nil else { return }
    goAwaySent = true
    timers.drainEnded()
    lastServed = min(lastServed, codec.submitGoAway(code, debug: debug))
    hasOutput = true
  }

  /// Ends the session at once: every open stream gets its `closed` event with `code`, or with the failure's. Nothing is
  /// sent any more. Call it when the socket is gone or `isFinished`; a second call does nothing.
  package func close(_ code: HTTP2ErrorCode = .cancel) {
    guard let codec else { return }
    assert(!isInsideCodec)
    self.codec = nil
    hasOutput = !lastWords.isEmpty
    while let stream = live.first {
      if stream.isAnnounced { events.append(.closed(stream, ending?.code ?? code)) }
      live.remove(stream)
    }
    turns.removeAll()
    recent = nil
    blockStream = nil
    queuedBodyBytes = 0
    unread = 0
    codec.end()
  }

  func goAwayLeft(_ code: HTTP2ErrorCode) {
    guard code != .noError, ending == nil, violation == nil, !goAwaySent else { return }
    // The library found the peer out of bounds and ends the connection by itself.
    violation = HTTP2Failure(origin: .peer, code: code, reason: complaint ?? "the peer broke the protocol")
    goAwaySent = true
  }

  // MARK: Failure

  /// Notes, inside a callback, that the connection must end. The first reason counts.
  func violate(_ code: HTTP2ErrorCode, _ reason: String, origin: HTTP2Failure.Origin = .limit) {
    guard violation == nil, ending == nil else { return }
    violation = HTTP2Failure(origin: origin, code: code, reason: reason)
  }

  /// Acts, outside of every callback, on what the callbacks found.
  func settle() {
    guard ending == nil, let codec else { return }
    let honest = 2 * min(live.count, Int(role == .server ? settings.maxConcurrentStreams : peerMaxStreams))
    if violation == nil, codec.queuedFrames > limits.maxQueuedFrames + honest {
      violate(.enhanceYourCalm, "the peer causes answers faster than it reads them")
    }
    guard let violation else { return }
    ending = violation
    if !goAwaySent || violation.origin != .peer { codec.terminate(violation.code) }
    hasOutput = true
    events.append(.failed)
  }

  /// The library cannot go on and allows nothing but its end. It queues no GOAWAY, so that is made by hand.
  func fail(fatal result: Int) -> HTTP2Failure {
    let failure = violation ?? HTTP2Failure(fatal: result)
    ending = failure
    lastWords = FrameCodec.handMadeGoAway(failure.code)
    events.append(.failed)
    close()
    return failure
  }

  static var drainPing: UInt64 { 0x6475_6262_6F64_7261 }
  static var livenessPing: UInt64 { 0x6475_6262_6F70_696E }
}

extension HTTP2Stream {
  fileprivate final func isNearDeadline(_ now: MonotonicInstant) -> Bool {
    guard expectedReset > openedAt else { return true }
    let whole = expectedReset.nanoseconds - openedAt.nanoseconds
    return now.nanoseconds - min(now.nanoseconds, openedAt.nanoseconds) >= whole / 4 * 3
  }
}

/// Slots: a handler that runs on after its stream was reset still costs, so it counts against `maxConcurrentStreams`.
extension HTTP2Stream {
  /// The handler of this request begins. Pairs with `releaseSlot`; a second call does nothing.
  package final func holdSlot() {
    guard !holdsSlot, let session else { return }
    holdsSlot = true
    slots = session.slots
    session.slots.held += 1
  }

  /// The handler is over, whatever became of the stream.
  package final func releaseSlot() {
    guard holdsSlot else { return }
    holdsSlot = false
    slots?.held -= 1
    slots = nil
  }
}

/// How many handlers of a session run; an object, for they may outlive it.
final class HandlerSlots {
  var held = 0
}
