import DubboCluster
import DubboCore
import Testing

/// What balancers remember of providers belongs to their addresses, not to objects whose place in memory the next
/// provider may get.
@Suite struct BalancerMemoryTests {
  private func candidate(_ number: Int, weight: Int = 100) -> Candidate {
    Candidate(FakeEndpoint(number, parameters: ["weight": "\(weight)"]))
  }

  /// The last digits of the addresses that are chosen in `count` calls.
  private func choices(_ balance: any LoadBalance, _ candidates: [Candidate], count: Int) -> String {
    let list = Roster(candidates, wallMilliseconds: 0)
    return String(
      (0..<count).compactMap { _ in balance.select(from: list, for: .unary(), context())?.url.host.last })
  }

  @Test func `a new provider never takes over the turn of one that went`() {
    // Many times, for whether an object gets the place of one that went is chance.
    for _ in 0..<100 {
      let balance = RoundRobin()
      let first = candidate(1)
      do {
        let leaving = candidate(2, weight: 300)
        #expect(choices(balance, [first, leaving], count: 2) == "21")
      }
      // Number 2 was ahead, and would have had three turns; number 3 has two before the first is due.
      #expect(choices(balance, [first, candidate(3, weight: 300)], count: 3) == "331")
    }
  }

  @Test func `a provider that comes back goes on where it was`() {
    let balance = RoundRobin()
    let first = candidate(1)
    #expect(choices(balance, [first, candidate(2, weight: 300)], count: 2) == "21")
    #expect(choices(balance, [first], count: 3) == "111")
    #expect(choices(balance, [first, candidate(2, weight: 300)], count: 3) == "222")
  }

  @Test func `the response times of a provider that went are not those of the next at its address`() {
    let clock = StillClock()
    let choice = context(clock)
    let balance = ShortestResponse()
    func record(_ candidate: Candidate, calls: Int, milliseconds: Int) {
      for _ in 0..<calls {
        candidate.numbers.begin()
        let start = clock.now
        candidate.numbers.end(since: start, now: start.advanced(by: .milliseconds(milliseconds)), .answered)
      }
    }
    let quick = candidate(1)
    let old = candidate(2)
    let before = Roster([quick, old], wallMilliseconds: 0)
    record(old, calls: 1_000, milliseconds: 1)
    _ = balance.select(from: before, for: .unary(), choice)
    // A window begins, and what was counted before it is left out of account.
    clock.advance(by: .seconds(31))
    _ = balance.select(from: before, for: .unary(), choice)
    record(quick, calls: 10, milliseconds: 5)
    // The next provider at the address of number 2 is slow; that it has fewer calls than the one before had does not
    // make it look new.
    let slow = candidate(2)
    record(slow, calls: 10, milliseconds: 500)
    let after = Roster([quick, slow], wallMilliseconds: 0)
    for _ in 0..<20 { #expect(balance.select(from: after, for: .unary(), choice)?.address == quick.address) }
  }
}
