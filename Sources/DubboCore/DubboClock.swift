/// Where time comes from. Everything above the event loops that waits or measures takes one of these, so tests and
/// the simulation own time.
public protocol DubboClock: Sendable {
  /// The present moment on the clock that never jumps.
  var now: MonotonicInstant { get }
  /// Milliseconds since 1970, for timestamps that other processes read (a provider's start, a lease).
  var wallMilliseconds: Int64 { get }
  /// Returns at `instant`, or throws `CancellationError` as soon as the task is cancelled.
  func sleep(until instant: MonotonicInstant) async throws
}

extension DubboClock {
  /// Returns after `duration`, or throws `CancellationError` as soon as the task is cancelled.
  public func sleep(for duration: Duration) async throws {
    try await sleep(until: now.advanced(by: duration))
  }
}

/// The operating system's clocks.
public struct SystemClock: DubboClock {
  public init() {}

  public var now: MonotonicInstant { .now }

  public var wallMilliseconds: Int64 { wallClockMilliseconds() }

  public func sleep(until instant: MonotonicInstant) async throws {
    let wait = now.duration(to: instant)
    if wait > .zero {
      try await Task.sleep(for: wait, tolerance: .zero)
    } else {
      try Task.checkCancellation()
    }
  }
}
