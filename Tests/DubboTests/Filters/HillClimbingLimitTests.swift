import DubboCore
import Testing

@testable import Dubbo

/// A provider with so many workers, and callers who always want more than it takes.
private struct BusyProvider {
  var limit = HillClimbingLimit()
  var now = MonotonicInstant(nanoseconds: 1_000_000_000)
  var generator = SeededGenerator(seed: 7)
  var workers: Int
  var work: Duration
  var demand = 10_000

  /// Calls come as fast as they are taken: each waits for a worker while more are under way than there are workers.
  mutating func run(for span: Duration) {
    let end = now.advanced(by: span)
    while now < end {
      var taken = 0
      while taken < demand, limit.begin(now: now) { taken += 1 }
      let wait = max(1, Double(taken) / Double(workers))
      let latency = work * (wait * Double.random(in: 0.92...1.08, using: &generator))
      let start = now
      now = now.advanced(by: latency)
      for _ in 0..<taken { limit.end(since: start, now: now) }
    }
  }
}

@Suite struct HillClimbingLimitTests {
  private let now = MonotonicInstant(nanoseconds: 1_000_000_000)

  @Test func `it begins with fifty calls and refuses the next`() {
    var limit = HillClimbingLimit()
    for taken in 0..<50 {
      #expect(limit.remaining == 50 - taken)
      let isTaken = limit.begin(now: now)
      #expect(isTaken)
    }
    let isTaken = limit.begin(now: now)
    #expect(!isTaken && limit.remaining == 0 && limit.inFlight == 50)
    limit.end(since: now, now: now.advanced(by: .milliseconds(5)))
    #expect(limit.remaining == 1 && limit.inFlight == 49)
  }

  @Test(arguments: [(8, 400), (20, 400), (100, 500), (400, 1_000)])
  func `it finds how many calls a method bears, from either side`(workers: Int, milliseconds: Int) {
    var provider = BusyProvider(workers: workers, work: .milliseconds(milliseconds))
    provider.run(for: .seconds(600))
    for _ in 0..<10 {
      provider.run(for: .seconds(32))
      #expect((workers * 2 / 3...workers * 3 / 2).contains(provider.limit.limit))
    }
  }

  @Test func `it follows a provider that gets slower, and one that gets faster`() {
    var provider = BusyProvider(workers: 100, work: .milliseconds(500))
    provider.run(for: .seconds(600))
    #expect((66...150).contains(provider.limit.limit))
    provider.workers = 10
    provider.run(for: .seconds(1_200))
    #expect((5...16).contains(provider.limit.limit))
    provider.workers = 100
    provider.run(for: .seconds(1_800))
    #expect((66...150).contains(provider.limit.limit))
  }

  @Test func `it never takes more than five hundred, nor less than one`() {
    var large = BusyProvider(workers: 100_000, work: .milliseconds(1_000))
    large.run(for: .seconds(600))
    #expect(large.limit.limit > 400)
    var small = BusyProvider(workers: 1, work: .milliseconds(200))
    for _ in 0..<60 {
      large.run(for: .seconds(5))
      small.run(for: .seconds(5))
      #expect(large.limit.limit <= 500 && small.limit.limit >= 1)
    }
    #expect(small.limit.limit <= 3)
  }

  @Test func `a load far below the limit leaves it where it is`() {
    var provider = BusyProvider(workers: 4, work: .milliseconds(20), demand: 10)
    provider.run(for: .seconds(600))
    #expect(provider.limit.limit == 50)
  }

  @Test func `a long silence, a clock that stands and an end too many change nothing for the worse`() {
    var limit = HillClimbingLimit()
    for hour in 0..<100 {
      let start = now.advanced(by: .seconds(3_600 * hour))
      _ = limit.begin(now: start)
      limit.end(since: start, now: start)
      limit.end(since: start.advanced(by: .seconds(1)), now: start)
    }
    #expect(limit.inFlight == 0 && limit.limit == 50)
  }
}
