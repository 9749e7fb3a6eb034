/// How long to wait before trying again: `base`, then `factor` times longer each time up to `maximum`, and each wait
/// up to `jitter` of itself longer or shorter, so that many who failed together do not return together.
///
/// The figures by default are those of gRPC's connection backoff: 1 s, 1.6, 120 s, 20 %.
public struct Backoff: Sendable, Hashable {
  public var base: Duration
  public var factor: Double
  public var maximum: Duration
  /// 0 to 1.
  public var jitter: Double

  public init(
    base: Duration = .seconds(1), factor: Double = 1.6, maximum: Duration = .seconds(120), jitter: Double = 0.2
  ) {
    self.base = base
    self.factor = factor
    self.maximum = maximum
    self.jitter = jitter
  }

  /// The wait after `failures` failures in a row; zero when there was none. Never negative, never above `maximum`
  /// and its jitter.
  public func delay(afterFailures failures: Int, using generator: inout some RandomNumberGenerator) -> Duration {
    guard failures > 0 else { return .zero }
    let limit = max(0, Double(maximum.saturatedNanoseconds))
    var wait = max(0, Double(base.saturatedNanoseconds))
    let growth = factor.isFinite ? max(1, factor) : 1
    var step = 1
    while step < failures, wait < limit, growth > 1 {
      wait *= growth
      step += 1
    }
    wait = min(wait, limit)
    let share = jitter.isFinite ? min(max(0, jitter), 1) : 0
    if share > 0 { wait *= Double.random(in: (1 - share)...(1 + share), using: &generator) }
    return .nanoseconds(Int64(exactly: wait.rounded()) ?? .max)
  }
}
