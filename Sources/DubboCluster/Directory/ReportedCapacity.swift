internal import DubboCore

/// What a provider has said of how many more calls of each method it would take, until that is too old to count.
struct ReportedCapacity: Sendable {
  private struct Report {
    var remaining: Int
    var at: MonotonicInstant
    /// This consumer's calls that were under way then.
    var inFlight: Int
  }

  private static let patience: Duration = .seconds(10)
  private static let limit = 1_000

  private var reports: [String: Report] = [:]

  mutating func report(_ remaining: Int, of method: String, inFlight: Int, at now: MonotonicInstant) {
    if reports.count >= Self.limit, reports[method] == nil { reports.removeAll() }
    reports[method] = Report(remaining: remaining, at: now, inFlight: inFlight)
  }

  /// What is left of the last report, without the calls that this consumer has sent since.
  func remaining(of method: String, inFlight: Int, now: MonotonicInstant) -> Int? {
    guard let report = reports[method], report.at.advanced(by: Self.patience) >= now else { return nil }
    return report.remaining - max(0, inFlight - report.inFlight)
  }
}
