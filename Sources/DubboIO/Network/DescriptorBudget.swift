internal import CLibuv
internal import Synchronization

/// Our own count of the sockets that the loops of a group hold, against nine tenths of the process's limit of file
/// descriptors: before the last one is gone, accepting pauses, so that files, look-ups and our own connections to
/// others still find some. For any thread.
package final class DescriptorBudget: Sendable {
  package let limit: Int
  private let used = Atomic<Int>(0)
  private let waiting = Guarded<[any BudgetWaiter]>([])
  private let hasWaiters = Atomic<Bool>(false)

  /// - Parameter limit: nil for nine tenths of RLIMIT_NOFILE, as it is now.
  package init(limit: Int? = nil) {
    self.limit = limit ?? Int(clamping: dubbo_descriptor_limit() / 10).multipliedReportingOverflow(by: 9).partialValue
  }

  package var count: Int { used.load(ordering: .relaxed) }
  var isExhausted: Bool { count >= limit }

  func take() { used.add(1, ordering: .sequentiallyConsistent) }

  func giveBack() {
    let left = used.subtract(1, ordering: .sequentiallyConsistent).newValue
    guard hasWaiters.load(ordering: .sequentiallyConsistent), left < resumeLimit else { return }
    wakeWaiters()
  }

  /// `waiter` hears once, soon after a share of the budget is free again; at once if it is.
  func wait(_ waiter: any BudgetWaiter) {
    waiting.withLock { $0.append(waiter) }
    hasWaiters.store(true, ordering: .sequentiallyConsistent)
    if count < resumeLimit { wakeWaiters() }
  }

  /// A little below the limit, so that accepting does not stop and go with each connection.
  private var resumeLimit: Int { max(1, limit - limit / 16) }

  private func wakeWaiters() {
    let woken = waiting.withLock { waiting in
      defer { waiting = [] }
      hasWaiters.store(false, ordering: .sequentiallyConsistent)
      return waiting
    }
    for waiter in woken { waiter.budgetIsFree() }
  }
}

/// Called from any thread.
protocol BudgetWaiter: AnyObject, Sendable {
  func budgetIsFree()
}
