public import DubboProtobuf

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// `google.protobuf.Duration` and Foundation's `TimeInterval`, under the names that SwiftProtobuf has for them.
extension Google_Protobuf_Duration {
  /// The interval's nearest nanosecond; nil beyond 10,000 years either way, which no duration may exceed.
  public init?(_ interval: TimeInterval) {
    guard let (seconds, nanos) = split(interval, rounding: .towardZero), seconds.magnitude <= Self.limit,
      seconds.magnitude < Self.limit || nanos == 0
    else { return nil }
    self.init(seconds: seconds, nanos: nanos)
  }

  /// The interval's nearest nanosecond. Beyond 10,000 years it is 10,000 years, and of what is no number it is zero.
  public init(timeInterval interval: TimeInterval) {
    if let duration = Google_Protobuf_Duration(interval) {
      self = duration
    } else {
      self.init(seconds: interval.isNaN ? 0 : interval < 0 ? -Self.limit : Self.limit)
    }
  }

  /// Seconds, as near as a `Double` is: to the nanosecond up to a hundred days.
  public var timeInterval: TimeInterval { Double(seconds) + Double(nanos) / 1e9 }
}

/// Whole seconds, and nanoseconds rounded to the nearest: of the same sign when rounded toward zero, and never negative when
/// rounded down. Nil when the seconds do not fit.
func split(_ interval: TimeInterval, rounding rule: FloatingPointRoundingRule) -> (seconds: Int64, nanos: Int32)? {
  let whole = interval.rounded(rule)
  guard let seconds = Int64(exactly: whole) else { return nil }
  let nanos = Int32(((interval - whole) * 1e9).rounded())
  guard nanos.magnitude == 1_000_000_000 else { return (seconds, nanos) }
  let (carried, overflow) = seconds.addingReportingOverflow(nanos < 0 ? -1 : 1)
  return overflow ? nil : (carried, 0)
}
