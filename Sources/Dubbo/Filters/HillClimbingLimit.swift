internal import DubboCore

/// How many calls of a method a provider takes at a time, found by trying: a little more or a little less each round, and
/// on in the direction in which the method's power grows, which is its throughput over its latency. Power is largest
/// where every place is busy and nobody queues (Kleinrock, "Power and deterministic rules of thumb").
///
/// A value; time comes in from outside. Bounds, the length of rounds and the report of what remains are those of Dubbo
/// for Go, which sums the same figures up; what it compares them by, and its steps, which grow with the logarithm of the
/// limit and are soon lost in noise, are not.
struct HillClimbingLimit: Sendable {
  static let first = 50
  static let range: ClosedRange<Double> = 1...500
  private static let shortestRound: Duration = .seconds(1)
  /// Rounds are doubled this often at most: 32 s.
  private static let mostDoublings = 5
  /// A round with fewer calls says nothing, and goes on for as long as the longest.
  private static let fewestCalls = 16

  /// What one round measured.
  private struct Round {
    var start: MonotonicInstant
    var calls = 0
    /// Of all calls together.
    var latency: Duration = .zero

    /// Calls a second over seconds a call; nil when the calls used less than two thirds of `limit`, so that it cannot
    /// have made a difference.
    func power(until now: MonotonicInstant, limit: Double) -> Double? {
      let elapsed = start.duration(to: now) / .seconds(1)
      let each = max(latency / .seconds(1) / Double(calls), 1e-6)
      let throughput = Double(calls) / elapsed
      // Little's law: this many calls were under way on average.
      return throughput * each * 1.5 > limit ? throughput / each : nil
    }
  }

  private(set) var inFlight = 0
  private var limitNow = Double(first)
  private var round: Round?
  private var powerBefore: Double?
  private var isGrowing = true
  private var doublings = 0

  var limit: Int { Int(limitNow) }
  /// Calls that it would take now.
  var remaining: Int { max(0, limit - inFlight) }

  /// Whether one more call may begin; if so it is counted.
  mutating func begin(now: MonotonicInstant) -> Bool {
    guard remaining > 0 else { return false }
    inFlight += 1
    if round == nil { round = Round(start: now) }
    return true
  }

  /// A call that began at `start` has ended.
  mutating func end(since start: MonotonicInstant, now: MonotonicInstant) {
    inFlight = max(0, inFlight - 1)
    guard var round else { return }
    round.calls += 1
    round.latency += max(.zero, start.duration(to: now))
    self.round = round
    let elapsed = round.start.duration(to: now)
    let length = Self.shortestRound * (1 << doublings)
    guard elapsed >= length,
      round.calls >= Self.fewestCalls || elapsed >= Self.shortestRound * (1 << Self.mostDoublings)
    else { return }
    self.round = Round(start: now)
    step(to: round.power(until: now, limit: limitNow))
  }

  private mutating func step(to power: Double?) {
    defer { powerBefore = power }
    guard let power else { return }
    if let powerBefore {
      // So much of a difference is none that a step makes: the world has changed, and the search begins anew.
      if power < powerBefore / 2 || power > powerBefore * 2 { doublings = 0 }
      if power < powerBefore {
        isGrowing.toggle()
        doublings = min(doublings + 1, Self.mostDoublings)
      }
    }
    // Large enough to be told from noise.
    let size = max(1, limitNow / (doublings < 2 ? 8 : 12))
    let next = isGrowing ? limitNow + size : limitNow - size
    limitNow = min(max(next, Self.range.lowerBound), Self.range.upperBound)
  }
}
