import DubboCore
import Testing

@testable import Dubbo

@Suite struct RateWindowTests {
  private let start = MonotonicInstant(nanoseconds: 5_000_000_000)

  /// How many of `count` calls pass that come evenly within `span`.
  private func admitted(
    _ count: Int, in span: Duration, from offset: Duration = .zero, _ window: inout RateWindow
  ) -> Int {
    (0..<count).count { window.admit(now: start.advanced(by: offset + span * $0 / count)) }
  }

  @Test func `a fixed window begins with its first call and lets so many through`() {
    var window = RateWindow(rate: 10, interval: .seconds(1), strategy: .fixed)
    #expect(admitted(100, in: .milliseconds(999), &window) == 10)
    #expect(admitted(100, in: .milliseconds(999), from: .seconds(1), &window) == 10)
    #expect(admitted(5, in: .milliseconds(1), from: .seconds(60), &window) == 5)
  }

  @Test func `a fixed window may let twice the rate through around its border`() {
    var window = RateWindow(rate: 10, interval: .seconds(1), strategy: .fixed)
    let passed1 = window.admit(now: start)
    #expect(passed1)
    #expect(admitted(9, in: .milliseconds(90), from: .milliseconds(900), &window) == 9)
    #expect(admitted(10, in: .milliseconds(90), from: .seconds(1), &window) == 10)
  }

  @Test func `a sliding window does not`() {
    var window = RateWindow(rate: 10, interval: .seconds(1), strategy: .sliding)
    let passed2 = window.admit(now: start)
    #expect(passed2)
    #expect(admitted(9, in: .milliseconds(90), from: .milliseconds(900), &window) == 9)
    #expect(admitted(10, in: .milliseconds(90), from: .seconds(1), &window) <= 1)
    #expect(admitted(100, in: .seconds(1), from: .seconds(5), &window) == 10)
  }

  @Test(arguments: [RateWindow.Strategy.fixed, .sliding])
  func `over a long time the rate is what it lets through`(strategy: RateWindow.Strategy) {
    var window = RateWindow(rate: 50, interval: .seconds(1), strategy: strategy)
    let passed = admitted(100_000, in: .seconds(100), &window)
    #expect((4_900...5_050).contains(passed), "\(passed)")
  }

  @Test(arguments: [0, -1, Int.min])
  func `without a rate every call passes`(rate: Int) {
    var window = RateWindow(rate: rate, interval: .zero, strategy: .fixed)
    #expect(admitted(1_000, in: .zero, &window) == 1_000)
  }

  @Test func `a clock that turns back refuses nothing that was free`() {
    var window = RateWindow(rate: 2, interval: .seconds(1), strategy: .sliding)
    let passed3 = window.admit(now: start.advanced(by: .seconds(2)))
    #expect(passed3)
    let passed4 = window.admit(now: start)
    #expect(passed4)
    let passed5 = window.admit(now: start)
    #expect(!passed5)
  }

  @Test(arguments: [
    ("", RateWindow.Strategy?.some(.fixed)), ("default", .fixed), ("fixedWindow", .fixed),
    ("threadSafeFixedWindow", .fixed), ("slidingWindow", .sliding), ("leaky", nil),
  ])
  func `strategies have Go's names`(text: String, strategy: RateWindow.Strategy?) {
    #expect(RateWindow.Strategy(parameterText: text) == strategy)
  }
}
