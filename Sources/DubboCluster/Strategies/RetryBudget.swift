public import DubboCore

/// How many retries a client may add to its load: a share of its calls and a few per second besides, so that a
/// failing system is not buried under its clients' retries (the idea of Finagle's retry budget).
///
/// A value; time comes in from outside.
public struct RetryBudget: Sendable {
  /// Retries for each call.
  public let share: Double
  /// Retries per second that are always there.
  public let perSecond: Double
  /// How long calls count.
  public let memory: Duration

  private var tokens: Double
  private var lastRefill: MonotonicInstant?
  private let capacityBesidesCalls: Double
  private var capacity: Double

  public init(share: Double = 0.2, perSecond: Double = 10, memory: Duration = .seconds(10)) {
    self.share = max(0, share)
    self.perSecond = max(0, perSecond)
    self.memory = memory
    let seconds = Double(memory.saturatedNanoseconds) / 1e9
    capacityBesidesCalls = self.perSecond
    tokens = capacityBesidesCalls
    capacity = capacityBesidesCalls
    self.memorySeconds = max(0.001, seconds)
  }

  private let memorySeconds: Double

  /// A call begins.
  public mutating func deposit(now: MonotonicInstant) {
    refill(now)
    tokens += share
    capacity += share
  }

  /// Takes one retry out; false when none is left.
  public mutating func withdraw(now: MonotonicInstant) -> Bool {
    refill(now)
    guard tokens >= 1 else { return false }
    tokens -= 1
    return true
  }

  /// Time brings `perSecond`, and takes what calls have brought longer than `memory` ago: the bound shrinks towards
  /// its size without calls.
  private mutating func refill(_ now: MonotonicInstant) {
    guard let last = lastRefill else {
      lastRefill = now
      return
    }
    guard now > last else { return }
    let seconds = Double(last.duration(to: now).saturatedNanoseconds) / 1e9
    lastRefill = now
    let kept = memorySeconds / (memorySeconds + seconds)
    capacity = capacityBesidesCalls + (capacity - capacityBesidesCalls) * kept
    tokens = min(tokens + perSecond * seconds, capacity)
  }
}
