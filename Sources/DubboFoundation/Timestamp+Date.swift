public import DubboProtobuf

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// `google.protobuf.Timestamp` and Foundation's `Date`, under the names that SwiftProtobuf has for them.
///
/// A `Date` counts seconds since 2001 in a `Double`: in these years it tells times apart that are 0.12 µs apart, so
/// a timestamp's last two digits are rounded away. A timestamp gets the nearest nanosecond. A date later than
/// 2001-02-18 that became a timestamp comes back as the same date.
extension Google_Protobuf_Timestamp {
  /// The date's nearest nanosecond; nil for a date outside of the years 1 to 9999, which no timestamp may have.
  public init?(_ date: Date) {
    guard let (seconds, nanos) = split(date.timeIntervalSinceReferenceDate, rounding: .down) else { return nil }
    let (sinceEpoch, isTooLate) = seconds.addingReportingOverflow(secondsBeforeReference)
    guard !isTooLate, Self.range.contains(sinceEpoch) else { return nil }
    self.init(seconds: sinceEpoch, nanos: nanos)
  }

  /// The date's nearest nanosecond. Of a date outside of the years 1 to 9999 it is the beginning or the end of these, and
  /// of one that is no number the beginning of 1970.
  public init(date: Date) {
    let interval = date.timeIntervalSinceReferenceDate
    if let stamp = Google_Protobuf_Timestamp(date) {
      self = stamp
    } else if interval.isNaN {
      self.init()
    } else if interval < 0 {
      self.init(seconds: Self.range.lowerBound)
    } else {
      self.init(seconds: Self.range.upperBound, nanos: 999_999_999)
    }
  }

  /// As `init(date:)`, of seconds since 1970-01-01T00:00:00Z.
  public init(timeIntervalSince1970 interval: TimeInterval) {
    self.init(date: Date(timeIntervalSince1970: interval))
  }

  /// As `init(date:)`, of seconds since 2001-01-01T00:00:00Z.
  public init(timeIntervalSinceReferenceDate interval: TimeInterval) {
    self.init(date: Date(timeIntervalSinceReferenceDate: interval))
  }

  /// The nearest date. Any seconds and nanoseconds have one, those too that a peer should not have sent.
  public var date: Date { Date(timeIntervalSinceReferenceDate: timeIntervalSinceReferenceDate) }

  /// Seconds since 1970-01-01T00:00:00Z.
  public var timeIntervalSince1970: TimeInterval { Double(seconds) + Double(nanos) / 1e9 }

  /// Seconds since 2001-01-01T00:00:00Z: nearer to the timestamp than those since 1970, being fewer.
  public var timeIntervalSinceReferenceDate: TimeInterval {
    Double(seconds) - Double(secondsBeforeReference) + Double(nanos) / 1e9
  }
}

extension Date {
  /// The date nearest to `timestamp`.
  public init(_ timestamp: Google_Protobuf_Timestamp) { self = timestamp.date }
}

/// From 1970, which timestamps count from, to 2001, which dates count from.
private let secondsBeforeReference: Int64 = 978_307_200
