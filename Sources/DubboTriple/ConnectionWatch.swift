internal import DubboCore

/// The slow clocks of a connection as decisions: whether its peer lives, whether anybody still calls, whether it is old.
/// Pure: time comes in, and what to do comes out as a value.
struct ConnectionWatch: Sendable {
  /// What the clocks are set to.
  struct Periods: Sendable {
    /// Silence before the peer is asked for a sign of life, and how long its answer may take.
    var silence: Period
    var answer: Period
    /// Whether it is asked while there are no calls. Servers count that as abuse, so only they do it.
    var asksWhenIdle: Bool
    /// Time without a call, and age.
    var idle = Period.forever
    var age = Period.forever
    /// How long calls may go on when it is too old.
    var grace = Period(.zero)
  }

  enum Verdict: Sendable, Hashable {
    case good
    /// Ask the peer for a sign of life.
    case ask
    /// It gave none in time: calls fail.
    case dead
    /// Nobody has called for long: take no new calls.
    case idle
    /// Take no new calls; those that run have some time.
    case old
    /// That time is over: end the calls.
    case overdue
  }

  private let periods: Periods
  private var lastHeard: MonotonicInstant
  private var lastCall: MonotonicInstant
  private let tooOld: MonotonicInstant
  private var asked: MonotonicInstant?
  private var isExcused = false
  private var isRetired = false
  private var end = MonotonicInstant.distantFuture

  init(_ periods: Periods, now: MonotonicInstant) {
    self.periods = periods
    lastHeard = now
    lastCall = now
    tooOld = periods.age.after(now)
  }

  /// Something came from the peer, whatever it was.
  mutating func heard(_ now: MonotonicInstant) {
    lastHeard = now
    asked = nil
  }

  /// The first call after a while without any. Where the silence was long, the peer is asked at once: a router may have
  /// forgotten the connection meanwhile.
  mutating func callsBegin() {
    asked = nil
  }

  /// The last call has ended.
  mutating func callsEnd(_ now: MonotonicInstant) {
    lastCall = now
  }

  /// When `check` wants to be called next. The end of calls makes it no earlier, their beginning may.
  func next(hasCalls: Bool) -> MonotonicInstant {
    var next = end
    if hasCalls || periods.asksWhenIdle {
      next = min(next, asked.map { periods.answer.after($0) } ?? periods.silence.after(lastHeard))
    }
    return isRetired ? next : min(next, min(tooOld, periods.idle.after(lastCall)))
  }

  /// What is due. To be called again at `next`.
  mutating func check(hasCalls: Bool, now: MonotonicInstant) -> Verdict {
    // The time without a call has not begun.
    if hasCalls { lastCall = now }
    if end <= now {
      end = .distantFuture
      return .overdue
    }
    if !isRetired, tooOld <= now {
      isRetired = true
      end = periods.grace.after(now)
      return .old
    }
    if !isRetired, !hasCalls, periods.idle.after(lastCall) <= now {
      isRetired = true
      return .idle
    }
    guard hasCalls || periods.asksWhenIdle else { return .good }
    if let asked {
      let due = periods.answer.after(asked)
      if now < due { return .good }
      // Who looks so late has been held up itself: the answer may lie in the socket. It gets its time anew, once.
      if !isExcused, due.duration(to: now) >= Self.heldUp {
        isExcused = true
        self.asked = now
        return .good
      }
      return .dead
    }
    guard periods.silence.after(lastHeard) <= now else { return .good }
    asked = now
    isExcused = false
    return .ask
  }

  /// Lateness of a timer that no busy loop explains, only one that was blocked.
  private static var heldUp: Duration { .seconds(1) }
}
