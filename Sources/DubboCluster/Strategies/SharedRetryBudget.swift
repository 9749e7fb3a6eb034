public import DubboCore
internal import Synchronization

/// A retry budget that all calls of a reference share.
public final class SharedRetryBudget: Sendable {
  private let budget: Mutex<RetryBudget>

  public init(_ budget: RetryBudget = RetryBudget()) {
    self.budget = Mutex(budget)
  }

  /// A call begins.
  public func deposit(now: MonotonicInstant) {
    budget.withLock { $0.deposit(now: now) }
  }

  /// Takes one retry out; false when none is left.
  public func withdraw(now: MonotonicInstant) -> Bool {
    budget.withLock { $0.withdraw(now: now) }
  }
}
