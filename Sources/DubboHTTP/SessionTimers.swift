package import DubboCore

/// The deadlines of a connection. Time comes in as data: whoever owns the clock asks `nextDeadline` and calls `check`.
final class SessionTimers {
  private var preface: MonotonicInstant
  private var settings = MonotonicInstant.distantFuture
  private var headers = MonotonicInstant.distantFuture
  private var drain = MonotonicInstant.distantFuture
  private var stall = MonotonicInstant.distantFuture
  // Added for each header block and each output that leaves something queued, so the arithmetic of `Duration` is done
  // once.
  private let headersTimeout: Period
  private let streamStall: Period
  private let crowdedStall: Period

  init(_ limits: HTTP2Limits, now: MonotonicInstant) {
    headersTimeout = Period(limits.headersTimeout)
    streamStall = Period(limits.streamStall)
    crowdedStall = Period(limits.crowdedStall)
    preface = now.advanced(by: limits.prefaceTimeout)
  }

  var next: MonotonicInstant { min(min(preface, settings), min(headers, min(drain, stall))) }

  func prefaceArrived() { preface = .distantFuture }
  func settingsLeft(_ limits: HTTP2Limits, _ now: MonotonicInstant) {
    settings = now.advanced(by: limits.settingsTimeout)
  }
  func settingsAnswered() { settings = .distantFuture }
  func headersBegan(_ now: MonotonicInstant) {
    if headers == .distantFuture { headers = headersTimeout.after(now) }
  }
  func headersEnded() { headers = .distantFuture }
  func drainBegan(_ limits: HTTP2Limits, _ now: MonotonicInstant) {
    drain = now.advanced(by: limits.drainTimeout)
  }
  func drainEnded() { drain = .distantFuture }
  var isDraining: Bool { drain != .distantFuture }

  func stallBegan(isCrowded: Bool, _ now: MonotonicInstant) {
    stall = min(stall, (isCrowded ? crowdedStall : streamStall).after(now))
  }
  func stallEnded() { stall = .distantFuture }

  enum Due { case preface, settings, headers, drain, stall }

  func due(_ now: MonotonicInstant) -> Due? {
    if preface <= now { return .preface }
    if settings <= now { return .settings }
    if headers <= now { return .headers }
    if drain <= now { return .drain }
    if stall <= now { return .stall }
    return nil
  }
}

extension HTTP2Session {
  /// When `check` wants to be called next; `distantFuture` when nothing is pending.
  package var nextDeadline: MonotonicInstant {
    codec == nil || ending != nil ? .distantFuture : timers.next
  }

  /// Acts on deadlines that have passed. May leave output and events.
  package func check(now: MonotonicInstant) {
    self.now = now
    guard codec != nil, ending == nil else { return }
    switch timers.due(now) {
    case nil: return
    case .drain: return goAway()
    case .stall: return resetStalledStreams()
    case .preface: violate(.settingsTimeout, "no HTTP/2 preface and SETTINGS came in time")
    case .settings: violate(.settingsTimeout, "the peer did not acknowledge our SETTINGS in time")
    case .headers: violate(.enhanceYourCalm, "a header block was not complete in time")
    }
    settle()
  }

  /// Asks for a sign of life: `pong` follows.
  package func ping() {
    codec?.submitPing(Self.livenessPing)
    hasOutput = true
  }

  func pingArrived(_ payload: UInt64, isAnswer: Bool) {
    guard isAnswer else { return }
    switch payload {
    case Self.livenessPing: events.append(.pong)
    // The peer has read the notice, so every stream opened before it is here.
    case Self.drainPing where timers.isDraining: goAway()
    default: break
    }
  }

  func settingsLeft() {
    timers.settingsLeft(limits, now)
  }
}
