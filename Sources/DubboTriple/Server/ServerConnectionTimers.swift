internal import DubboCore
internal import DubboHTTP
internal import DubboIO

/// One timer for the engine's deadlines, for the connection's rest and its end, and, before there is an engine, for the
/// time to say what is spoken.
extension ServerConnection: DeadlineHandler {
  func armTimer(at instant: MonotonicInstant) {
    guard instant < timerAt || (timerAt <= loop.now && instant < .distantFuture) else { return }
    loop.deadlines.cancel(timer)
    timerAt = instant
    timer = loop.deadlines.arm(self, at: instant)
  }

  /// Methods that run on after their call has ended are among them.
  func hasCalls(_ session: HTTP2Session) -> Bool {
    session.liveStreams > 0 || runningCalls > 0
  }

  func deadlineReached(_ token: DeadlineToken) {
    timerAt = .distantFuture
    guard let session else { return stream.close(.closed("nothing came that names a protocol")) }
    let now = loop.currentTime()
    session.check(now: now)
    handleEvents(of: session)
    switch watch.check(hasCalls: hasCalls(session), now: now) {
    case .good: break
    case .ask: session.ping()
    case .dead: return stream.close(.closed("the other side gave no sign of life"))
    case .idle, .old: session.shutDownGracefully(now: now)
    case .overdue: return abort(because: "the connection is too old, and its time for calls that run is over")
    }
    touch()
    armTimer(at: min(session.nextDeadline, watch.next(hasCalls: hasCalls(session))))
  }
}
