import DubboCore
import Testing

@testable import DubboTriple

@Suite struct ConnectionWatchTests {
  private static func periods(
    asksWhenIdle: Bool = false, idle: Duration = .seconds(1_800), age: Duration? = nil
  ) -> ConnectionWatch.Periods {
    ConnectionWatch.Periods(
      silence: Period(.seconds(60)), answer: Period(.seconds(20)), asksWhenIdle: asksWhenIdle, idle: Period(idle),
      age: Period(age), grace: Period(.seconds(10)))
  }

  private static func second(_ number: Int) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: 1_000).advanced(by: .seconds(number))
  }

  /// Plays the owner: looks whenever it is time, until `end`.
  private static func looks(
    _ watch: inout ConnectionWatch, hasCalls: Bool, from start: Int = 0, until end: Int
  ) -> [Int: ConnectionWatch.Verdict] {
    var verdicts: [Int: ConnectionWatch.Verdict] = [:]
    for number in start...end where watch.next(hasCalls: hasCalls) <= second(number) {
      let verdict = watch.check(hasCalls: hasCalls, now: second(number))
      if verdict != .good { verdicts[number] = verdict }
    }
    return verdicts
  }

  @Test func `case 10: a silent peer of calls is asked and then given up`() {
    var watch = ConnectionWatch(Self.periods(), now: Self.second(0))
    #expect(Self.looks(&watch, hasCalls: true, until: 80) == [60: .ask, 80: .dead])
  }

  @Test func `whatever is heard is a sign of life`() {
    var watch = ConnectionWatch(Self.periods(), now: Self.second(0))
    #expect(Self.looks(&watch, hasCalls: true, until: 70) == [60: .ask])
    watch.heard(Self.second(70))
    #expect(Self.looks(&watch, hasCalls: true, from: 71, until: 150) == [130: .ask, 150: .dead])
  }

  @Test func `a caller asks nobody while it has no calls, a server does`() {
    var caller = ConnectionWatch(Self.periods(), now: Self.second(0))
    #expect(Self.looks(&caller, hasCalls: false, until: 1_700).isEmpty)
    var server = ConnectionWatch(Self.periods(asksWhenIdle: true), now: Self.second(0))
    #expect(Self.looks(&server, hasCalls: false, until: 80) == [60: .ask, 80: .dead])
  }

  @Test func `case 13: the first call after a long silence has the peer asked at once`() {
    var watch = ConnectionWatch(Self.periods(), now: Self.second(0))
    #expect(Self.looks(&watch, hasCalls: false, until: 1_000).isEmpty)
    watch.callsBegin()
    #expect(watch.next(hasCalls: true) <= Self.second(1_000))
    #expect(Self.looks(&watch, hasCalls: true, from: 1_000, until: 1_020) == [1_000: .ask, 1_020: .dead])
  }

  @Test func `a question that was never answered is no reason against later calls`() {
    var watch = ConnectionWatch(Self.periods(), now: Self.second(0))
    #expect(Self.looks(&watch, hasCalls: true, until: 65) == [60: .ask])
    watch.callsEnd(Self.second(65))
    watch.callsBegin()
    #expect(Self.looks(&watch, hasCalls: true, from: 500, until: 520) == [500: .ask, 520: .dead])
  }

  @Test func `case 55: who was held up itself gives the answer its time anew, once`() {
    var watch = ConnectionWatch(Self.periods(), now: Self.second(0))
    #expect(watch.check(hasCalls: true, now: Self.second(60)) == .ask)
    #expect(watch.check(hasCalls: true, now: Self.second(85)) == .good)
    #expect(watch.next(hasCalls: true) == Self.second(105))
    var answered = watch
    answered.heard(Self.second(86))
    #expect(Self.looks(&answered, hasCalls: true, from: 87, until: 140).isEmpty)
    #expect(watch.check(hasCalls: true, now: Self.second(110)) == .dead)
  }

  @Test func `who has not been called for long rests, from the end of the last call on`() {
    var watch = ConnectionWatch(Self.periods(asksWhenIdle: true, idle: .seconds(50)), now: Self.second(0))
    watch.callsBegin()
    // Calls run meanwhile, then they end between two looks.
    #expect(Self.looks(&watch, hasCalls: true, until: 55).isEmpty)
    watch.heard(Self.second(70))
    watch.callsEnd(Self.second(70))
    #expect(Self.looks(&watch, hasCalls: false, from: 71, until: 125) == [120: .idle])
    #expect(watch.next(hasCalls: false) > Self.second(125), "once is enough")
  }

  @Test func `a connection that is too old gives its calls some time`() {
    var watch = ConnectionWatch(Self.periods(age: .seconds(30)), now: Self.second(0))
    #expect(Self.looks(&watch, hasCalls: true, until: 45) == [30: .old, 40: .overdue])
  }

  @Test func `periods without an end never come`() {
    let periods = ConnectionWatch.Periods(silence: .forever, answer: Period(.zero), asksWhenIdle: true)
    var watch = ConnectionWatch(periods, now: Self.second(0))
    #expect(watch.next(hasCalls: true) == .distantFuture)
    #expect(Self.looks(&watch, hasCalls: true, until: 100_000).isEmpty)
  }
}
