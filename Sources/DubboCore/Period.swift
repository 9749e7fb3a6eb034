/// A span that is added to many instants: its nanoseconds are worked out once. Never negative.
package struct Period: Sendable, Hashable {
  private let nanoseconds: UInt64

  /// - Parameter duration: nil: it never ends.
  package init(_ duration: Duration?) {
    nanoseconds = duration.map { UInt64(max(0, $0.saturatedNanoseconds)) } ?? .max
  }

  /// The span that never ends.
  package static let forever = Period(nil)

  /// Its end when it begins at `start`.
  package func after(_ start: MonotonicInstant) -> MonotonicInstant {
    let (end, overflow) = start.nanoseconds.addingReportingOverflow(nanoseconds)
    return overflow ? .distantFuture : MonotonicInstant(nanoseconds: end)
  }
}
