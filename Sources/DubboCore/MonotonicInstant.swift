/// A point on the clock that never jumps: nanoseconds since an arbitrary start, the same for the whole process.
///
/// Every deadline and timer of the framework is one of these, so a change of the wall clock ends no call early and
/// keeps none alive. Arithmetic saturates: no duration that a peer sends can overflow.
public struct MonotonicInstant: Sendable, Hashable, Comparable {
  /// Nanoseconds since the clock's start.
  public var nanoseconds: UInt64

  @inlinable
  public init(nanoseconds: UInt64) {
    self.nanoseconds = nanoseconds
  }

  /// The instant that never comes.
  @inlinable public static var distantFuture: MonotonicInstant { .init(nanoseconds: .max) }

  @inlinable
  public static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// This instant moved by `duration`, held inside the range of the clock.
  public func advanced(by duration: Duration) -> MonotonicInstant {
    let delta = duration.saturatedNanoseconds
    if delta >= 0 {
      let (sum, overflow) = nanoseconds.addingReportingOverflow(UInt64(delta))
      return .init(nanoseconds: overflow ? .max : sum)
    }
    let (difference, underflow) = nanoseconds.subtractingReportingOverflow(delta.magnitude)
    return .init(nanoseconds: underflow ? 0 : difference)
  }

  /// How long from this instant to `other`; negative when `other` is earlier.
  public func duration(to other: MonotonicInstant) -> Duration {
    if other.nanoseconds >= nanoseconds {
      return .nanoseconds(Int64(clamping: other.nanoseconds - nanoseconds))
    }
    return .nanoseconds(-Int64(clamping: nanoseconds - other.nanoseconds))
  }
}

extension Duration {
  /// The duration in whole nanoseconds, held inside `Int64` (about 292 years each way).
  public var saturatedNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    let (sum, overflow2) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflow2 ? (seconds < 0 ? .min : .max) : sum
  }
}
