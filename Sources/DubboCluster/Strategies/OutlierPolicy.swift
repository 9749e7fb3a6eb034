internal import DubboCore

/// When a provider that keeps failing is taken out of the choice, and for how long. It is still called when nobody
/// else is left.
public struct OutlierPolicy: Sendable, Hashable {
  /// Failures in a row that make an outlier.
  public var failures: Int
  /// How long the first ejection lasts; each further one as much longer.
  public var baseEjection: Duration
  public var longestEjection: Duration
  /// How many of a hundred providers may be out at once.
  public var percentLimit: Int

  public init(
    failures: Int = 5, baseEjection: Duration = .seconds(30), longestEjection: Duration = .seconds(300),
    percentLimit: Int = 50
  ) {
    self.failures = max(1, failures)
    self.baseEjection = baseEjection
    self.longestEjection = longestEjection
    self.percentLimit = min(max(0, percentLimit), 100)
  }

  /// Looks at a provider after a failed call and ejects it when it is one too many. True when it did.
  func judge(_ candidate: Candidate, among roster: Roster, now: MonotonicInstant) -> Bool {
    let numbers = candidate.numbers
    guard numbers.consecutiveFailures >= failures, !numbers.isEjected(now: now) else { return false }
    let out = roster.candidates.count { $0.numbers.isEjected(now: now) }
    guard (out + 1) * 100 <= roster.count * percentLimit else { return false }
    let times = numbers.countEjection()
    let length = min(baseEjection.saturatedNanoseconds, .max / 1_000) * Int64(min(times, 1_000))
    numbers.eject(until: now.advanced(by: min(.nanoseconds(length), longestEjection)))
    return true
  }
}
