/// A span that is added to many instants: its nanoseconds are worked out once. Never negative.
package struct Period: Sendable, Hashable {
  private let nanoseconds: UInt64

  package init(_ duration: Duration) {
    nanoseconds = UInt64(max(0, duration.saturatedNanoseconds))
  }

  /// The span that never ends.
  package static let forever = Period(nanoseconds: .max)

  private init(nanoseconds: UInt64) {
    self.nanoseconds = nanoseconds
  }

  /// Its end when it begins at `start`.
  package func after(_ start: MonotonicInstant) -> MonotonicInstant {
    let (end, overflow) = start.nanoseconds.addingReportingOverflow(nanoseconds)
    return overflow ? .distantFuture : MonotonicInstant(nanoseconds: end)
  }
}
