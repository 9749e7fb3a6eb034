internal import DubboCore

/// Counts calls against a rate: a value without clock or lock.
struct RateWindow: Sendable {
  /// `tps.limit.strategy`, by Go's names.
  enum Strategy: String, Sendable, URLParameterValue {
    /// So many calls from the first one on until the interval is over.
    case fixed = "fixedWindow"
    /// So many calls in any interval: what the interval before this one had counts in part, as much of it as the
    /// sliding window still covers.
    case sliding = "slidingWindow"

    init?(parameterText text: String) {
      switch text {
      case "slidingWindow": self = .sliding
      case "", "default", "fixedWindow", "threadSafeFixedWindow": self = .fixed
      default: return nil
      }
    }
  }

  private var rate: Int
  private let interval: Duration
  private let strategy: Strategy
  private var start: MonotonicInstant?
  private var count = 0
  private var countBefore = 0

  /// - Parameter rate: calls in an interval; 0 or less for any number.
  init(rate: Int, interval: Duration, strategy: Strategy) {
    self.rate = rate
    self.interval = max(interval, .milliseconds(1))
    self.strategy = strategy
  }

  /// This window with what `earlier` has counted, if it counted in the same way.
  func continuing(_ earlier: RateWindow) -> RateWindow {
    guard earlier.interval == interval, earlier.strategy == strategy else { return self }
    var window = earlier
    window.rate = rate
    return window
  }

  /// Whether a call at `now` may pass; if so it is counted.
  mutating func admit(now: MonotonicInstant) -> Bool {
    guard rate > 0 else { return true }
    let begun = start ?? now
    start = begun
    var age = max(.zero, begun.duration(to: now))
    if age >= interval {
      let isNext = strategy == .sliding && age < interval * 2
      countBefore = isNext ? count : 0
      count = 0
      start = isNext ? begun.advanced(by: interval) : now
      age = isNext ? age - interval : .zero
    }
    var taken = Double(count)
    if strategy == .sliding, countBefore > 0 { taken += Double(countBefore) * (1 - age / interval) }
    guard taken + 1 <= Double(rate) else { return false }
    count += 1
    return true
  }
}
