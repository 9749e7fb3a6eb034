internal import DubboCore

/// A moving average of latencies that rises at once and falls slowly, so that a provider which turns slow is noticed
/// at its first slow answer (the idea of Finagle's "peak EWMA").
///
/// Past samples fade by `τ / (τ + age)`, τ being 10 s; so does the estimate of a provider that nobody calls, which is
/// how a slow one is tried again. Packed into 64 bits to be exchanged atomically.
struct LatencyEstimate: Equatable {
  /// What a failure counts as at least, in microseconds.
  static let penalty: Float = 1_000_000
  private static let fadeMilliseconds: Float = 10_000

  /// Microseconds; never below a thousandth, so that zero can mean "unknown".
  private var value: Float
  /// Milliseconds of the process's clock, wrapping after 49 days; an age is the difference.
  private var milliseconds: UInt32

  init(packed: UInt64) {
    value = Float(bitPattern: UInt32(truncatingIfNeeded: packed >> 32))
    milliseconds = UInt32(truncatingIfNeeded: packed)
  }

  var packed: UInt64 { UInt64(value.bitPattern) << 32 | UInt64(milliseconds) }

  var isKnown: Bool { value > 0 }

  func microseconds(at now: MonotonicInstant) -> Float {
    value * share(at: Self.milliseconds(now))
  }

  func observing(_ sample: Float, at now: MonotonicInstant) -> LatencyEstimate {
    let time = Self.milliseconds(now)
    var next = self
    let kept = share(at: time)
    next.value = max(sample > value * kept ? sample : value * kept + sample * (1 - kept), 0.001)
    next.milliseconds = time
    return next
  }

  /// How much of the value is left at `time`.
  private func share(at time: UInt32) -> Float {
    // Another thread may have stored a moment that is just ahead of this thread's.
    let age = Int32(bitPattern: time &- milliseconds)
    return Self.fadeMilliseconds / (Self.fadeMilliseconds + Float(max(0, age)))
  }

  private static func milliseconds(_ now: MonotonicInstant) -> UInt32 {
    UInt32(truncatingIfNeeded: now.nanoseconds / 1_000_000)
  }
}
