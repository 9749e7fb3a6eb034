internal import DubboCore

/// The life of one connection slot as decisions: when to connect, whom to let wait, when to try again. Pure: time and
/// chance come in, and what to do comes out as values.
struct ConnectionLife: Sendable {
  enum State: Sendable, Hashable {
    /// Not connected; the next call connects.
    case idle
    case connecting
    case ready
    /// The last attempt failed: nobody tries before that instant.
    case resting(until: MonotonicInstant)
    case closed
  }

  /// What becomes of a call that arrives.
  enum Admission: Sendable, Hashable {
    /// Send it on the connection.
    case send
    /// Let it wait for the connection.
    case wait
    /// Begin to connect, and let it wait.
    case connect
    /// Fail it at once: the address does not answer, and it is too early to try again.
    case refuse
    /// Fail it at once: this side has closed.
    case refuseClosed
  }

  private(set) var state = State.idle
  private var failures = 0
  private var hasServed = false
  private let backoff: Backoff

  init(backoff: Backoff = Backoff()) {
    self.backoff = backoff
  }

  /// A call wants to be sent.
  mutating func callArrives(now: MonotonicInstant) -> Admission {
    switch state {
    case .ready: return .send
    case .connecting: return .wait
    case .closed: return .refuseClosed
    case .resting(let until) where now < until: return .refuse
    case .idle, .resting:
      state = .connecting
      return .connect
    }
  }

  /// The peer has accepted and sent its settings.
  mutating func connected() {
    guard state == .connecting else { return }
    state = .ready
    hasServed = false
  }

  /// The connection serves calls: the next failure is a first one again.
  mutating func served() {
    failures = 0
    hasServed = true
  }

  /// The attempt failed, or the connection broke before it served a call. A peer that accepts and at once goes away
  /// is as good as one that refuses: else both would be tried in a tight loop.
  mutating func attemptFailed(now: MonotonicInstant, using generator: inout some RandomNumberGenerator) {
    guard state != .closed else { return }
    failures += 1
    state = .resting(until: now.advanced(by: backoff.delay(afterFailures: failures, using: &generator)))
  }

  /// The connection takes no more calls (GOAWAY, or it broke) after it had served some: connect anew with the next.
  mutating func connectionLost(now: MonotonicInstant, using generator: inout some RandomNumberGenerator) {
    guard state != .closed else { return }
    if !hasServed || state == .connecting {
      attemptFailed(now: now, using: &generator)
    } else {
      state = .idle
    }
  }

  /// Nobody connects any more.
  mutating func close() {
    state = .closed
  }

  func availability(now: MonotonicInstant) -> Availability {
    switch state {
    case .ready: .ready
    case .idle, .connecting: .idle
    case .resting(let until): now < until ? .unavailable : .idle
    case .closed: .unavailable
    }
  }
}
