import DubboCluster
import DubboCore
import Testing

@Suite struct PowerOfTwoChoicesTests {
  private let clock = StillClock()

  /// Gives a candidate `count` answered calls of `duration`.
  private func feed(_ candidate: Candidate, _ duration: Duration, count: Int = 20) {
    for _ in 0..<count {
      candidate.numbers.begin()
      candidate.numbers.end(since: clock.now, now: clock.now.advanced(by: duration), .answered)
    }
  }

  @Test func `equal candidates share equally`() {
    let list = roster((1...5).map { FakeEndpoint($0) }, clock)
    for candidate in list.candidates { feed(candidate, .milliseconds(5)) }
    #expect(isClose(shares(PowerOfTwoChoices(), list, context(clock)), [0.2, 0.2, 0.2, 0.2, 0.2]))
  }

  @Test func `of two the slower one gets nothing while the other has no more under way`() {
    let list = roster((1...2).map { FakeEndpoint($0) }, clock)
    feed(list.candidates[0], .milliseconds(50))
    feed(list.candidates[1], .milliseconds(1))
    #expect(shares(PowerOfTwoChoices(), list, context(clock)) == [0, 1])
  }

  @Test func `calls under way count as latency does`() {
    let list = roster((1...2).map { FakeEndpoint($0) }, clock)
    feed(list.candidates[0], .milliseconds(10))
    feed(list.candidates[1], .milliseconds(4))
    for _ in 0..<2 { list.candidates[1].numbers.begin() }
    #expect(shares(PowerOfTwoChoices(), list, context(clock)) == [1, 0])
  }

  @Test func `case 56: among five a slow one gets less than a twentieth`() {
    let list = roster((1...5).map { FakeEndpoint($0) }, clock)
    for candidate in list.candidates { feed(candidate, .milliseconds(2)) }
    feed(list.candidates[3], .milliseconds(500), count: 1)
    #expect(shares(PowerOfTwoChoices(), list, context(clock))[3] < 0.05)
  }

  @Test func `case 56: a provider that fails quickly does not look quick`() {
    let list = roster((1...2).map { FakeEndpoint($0) }, clock)
    feed(list.candidates[0], .milliseconds(20))
    list.candidates[1].numbers.begin()
    list.candidates[1].numbers.end(since: clock.now, now: clock.now, .failed)
    #expect(shares(PowerOfTwoChoices(), list, context(clock)) == [1, 0])
  }

  @Test func `a slow provider is tried again when its measurement has faded`() {
    let list = roster((1...2).map { FakeEndpoint($0) }, clock)
    feed(list.candidates[0], .milliseconds(40))
    clock.advance(by: .seconds(60))
    feed(list.candidates[1], .milliseconds(10))
    #expect(shares(PowerOfTwoChoices(), list, context(clock)) == [1, 0])
  }

  @Test func `an unknown provider is tried once and then waited for`() {
    let list = roster((1...2).map { FakeEndpoint($0) }, clock)
    feed(list.candidates[0], .milliseconds(1))
    #expect(shares(PowerOfTwoChoices(), list, context(clock)) == [0, 1])
    list.candidates[1].numbers.begin()
    #expect(shares(PowerOfTwoChoices(), list, context(clock)) == [1, 0])
  }

  @Test func `weights decide who is drawn`() {
    let list = roster(
      [1, 1, 8].enumerated().map { FakeEndpoint($0.offset + 1, parameters: ["weight": "\($0.element)"]) }, clock)
    for candidate in list.candidates { feed(candidate, .milliseconds(5)) }
    let measured = shares(PowerOfTwoChoices(), list, context(clock))
    #expect(isClose(measured, [0.1, 0.1, 0.8]), "\(measured)")
  }

  @Test func `weight zero gets nothing`() {
    let list = roster(
      [0, 100].enumerated().map { FakeEndpoint($0.offset + 1, parameters: ["weight": "\($0.element)"]) }, clock)
    #expect(shares(PowerOfTwoChoices(), list, context(clock)) == [0, 1])
  }

  @Test func `an unavailable provider loses against any other`() {
    let list = roster([FakeEndpoint(1, availability: .unavailable), FakeEndpoint(2)], clock)
    feed(list.candidates[1], .seconds(5))
    #expect(shares(PowerOfTwoChoices(), list, context(clock)) == [0, 1])
  }
}

private func shares(_ balance: any LoadBalance, _ roster: Roster, _ choice: ChoiceContext) -> [Double] {
  shares(balance, roster, count: 20_000, .unary(), choice)
}
