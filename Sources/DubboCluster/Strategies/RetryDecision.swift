public import DubboCore

/// What is to be done after each failed attempt of one call: a value that decides from facts, with no I/O, clock,
/// lock or chance inside.
///
/// A failure is worth another attempt when
/// - nothing was sent, or the peer said that it did not begin: always, even for a method that is not idempotent;
/// - the call may have been worked on, and the method is idempotent;
/// - an idempotent call was answered `UNAVAILABLE`, or with a push-back that names a time.
/// It is not when part of an answer came, when the caller or its deadline ended the call, or when the fault lies in
/// the call itself.
public struct RetryDecision: Sendable {
  public enum Step: Sendable, Equatable {
    case giveUp
    /// Try again after `delay`; `isCounted` when this takes one out of the retry budget.
    case retry(after: Duration, isCounted: Bool)
  }

  /// The metadata with which a provider says when to come back: milliseconds, negative for never (gRPC's A6).
  public static let pushbackName = "grpc-retry-pushback-ms"

  /// Retries that are left, apart from those that are free.
  public private(set) var retriesLeft: Int
  private let isIdempotent: Bool
  private let deadline: MonotonicInstant?
  private let backoff: Backoff
  private var counted = 0
  private var refusals = 0
  private var unsent = 0

  /// Attempts that never reached a provider, after which even they count.
  private static let unsentLimit = 64

  public init(
    retries: Int, isIdempotent: Bool, deadline: MonotonicInstant?,
    backoff: Backoff = Backoff(base: .milliseconds(20), maximum: .seconds(1))
  ) {
    retriesLeft = max(0, retries)
    self.isIdempotent = isIdempotent
    self.deadline = deadline
    self.backoff = backoff
  }

  /// The step after an attempt failed with `error`.
  ///
  /// - Parameters:
  ///   - isCommitted: something of the answer was handed to the caller, or the request can no longer be replayed.
  ///   - hasUntried: there is a usable provider that this call has not tried.
  public mutating func step(
    after error: DubboError, isCommitted: Bool, hasUntried: Bool, now: MonotonicInstant,
    using generator: inout some RandomNumberGenerator
  ) -> Step {
    guard !isCommitted, Self.isWorthRetrying(error, isIdempotent: isIdempotent) else { return .giveUp }
    var delay = Duration.zero
    var isCounted = true
    switch error.progress {
    case .notSent where hasUntried && unsent < Self.unsentLimit:
      // Costs no provider anything: the next one is tried at once, however many are down.
      unsent += 1
      isCounted = false
    case .refused where refusals == 0:
      // A connection that is going away refuses every call on it, once: a new connection serves it.
      refusals += 1
      isCounted = false
    default:
      guard retriesLeft > 0 else { return .giveUp }
      retriesLeft -= 1
      counted += 1
      delay = backoff.delay(afterFailures: counted, using: &generator)
    }
    switch Self.pushback(error) {
    case .never: return .giveUp
    case .after(let pause): delay = pause
    case nil: break
    }
    if let deadline, now.advanced(by: delay) >= deadline { return .giveUp }
    return .retry(after: delay, isCounted: isCounted && error.progress != .notSent)
  }

  private static func isWorthRetrying(_ error: DubboError, isIdempotent: Bool) -> Bool {
    switch error.reason {
    case .cancellation, .deadline, .serialization, .configuration, .limit: return false
    default: break
    }
    switch error.progress {
    case .notSent, .refused:
      return true
    case .unknown:
      return isIdempotent && error.code != .cancelled && error.code != .deadlineExceeded
    case .answered:
      guard isIdempotent else { return false }
      if error.code == .unavailable { return true }
      if case .after = pushback(error) { return true }
      return false
    }
  }

  private enum Pushback {
    case after(Duration)
    case never
  }

  private static func pushback(_ error: DubboError) -> Pushback? {
    guard let text = error.metadata[pushbackName] else { return nil }
    // What cannot be read means "do not retry", as gRPC has it.
    guard let milliseconds = Int64(text), milliseconds >= 0 else { return .never }
    return .after(.milliseconds(milliseconds))
  }
}
