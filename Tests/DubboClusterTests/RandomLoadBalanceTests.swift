import DubboCluster
import DubboCore
import Testing

@Suite struct RandomLoadBalanceTests {
  @Test func `equal weights give equal shares`() {
    let list = roster((1...4).map { FakeEndpoint($0) })
    #expect(isClose(shares(RandomLoadBalance(), list), [0.25, 0.25, 0.25, 0.25]))
  }

  @Test(arguments: [
    ([100, 200, 300, 400], [0.1, 0.2, 0.3, 0.4]), ([0, 50, 150], [0, 0.25, 0.75]), ([0, 0], [0.5, 0.5]),
    ([1, 1_000_000_000], [0.000001, 0.999999]), ([-5, 10], [0, 1]),
  ])
  func `shares follow the weights`(weights: [Int], expected: [Double]) {
    let endpoints = weights.enumerated().map { FakeEndpoint($0.offset + 1, parameters: ["weight": "\($0.element)"]) }
    let measured = shares(RandomLoadBalance(), roster(endpoints))
    #expect(isClose(measured, expected), "\(measured)")
    for (share, weight) in zip(measured, weights) where weight == 0 && weights.contains(where: { $0 > 0 }) {
      #expect(share == 0)
    }
  }

  @Test func `a method may have weights of its own`() {
    let list = roster([
      FakeEndpoint(1, parameters: ["weight": "100", "slow.weight": "300"]),
      FakeEndpoint(2, parameters: ["weight": "100"]),
    ])
    #expect(isClose(shares(RandomLoadBalance(), list, .unary("slow")), [0.75, 0.25]))
    #expect(isClose(shares(RandomLoadBalance(), list, .unary("quick")), [0.5, 0.5]))
  }

  @Test func `one candidate is taken and none gives none`() {
    let one = roster([FakeEndpoint(1, parameters: ["weight": "0"])])
    #expect(RandomLoadBalance().select(from: one, for: .unary(), context())?.address == "10.0.0.1:50051")
    #expect(RandomLoadBalance().select(from: roster([]), for: .unary(), context()) == nil)
  }

  @Test func `a seed decides the choices`() {
    let list = roster((1...10).map { FakeEndpoint($0) })
    func choices() -> [String?] {
      let choice = context(seed: 7)
      return (0..<50).map { _ in RandomLoadBalance().select(from: list, for: .unary(), choice)?.address }
    }
    #expect(choices() == choices())
  }
}

@Suite struct WarmupTests {
  private let now: Int64 = 1_800_000_000_000

  private func weight(_ parameters: URLParameters) -> Int {
    Candidate(FakeEndpoint(1, parameters: parameters)).weight(method: "greet", wallMilliseconds: now)
  }

  @Test(arguments: [
    (0, 100), (1, 1), (6_000, 1), (12_000, 2), (300_000, 50), (599_999, 99), (600_000, 100), (10_000_000, 100),
    (-5_000, 1),
  ])
  func `case 47: the weight grows over ten minutes`(uptime: Int64, expected: Int) {
    #expect(weight(["timestamp": "\(now - uptime)"]) == expected)
  }

  @Test func `seconds, as Go writes them, are understood`() {
    #expect(weight(["timestamp": "\((now - 300_000) / 1_000)"]) == 50)
  }

  @Test(arguments: [
    (URLParameters([("weight", "200")]), 200), (URLParameters([("weight", "0")]), 0),
    (URLParameters([("weight", "-1")]), 0), (URLParameters([("weight", "x")]), 100),
    (URLParameters([("weight", "10"), ("greet.weight", "7")]), 7),
  ])
  func `weights are read as Dubbo reads them`(parameters: URLParameters, expected: Int) {
    #expect(weight(parameters) == expected)
  }

  @Test func `the warm-up may be set, and zero is none`() {
    #expect(weight(["timestamp": "\(now - 5_000)", "warmup": "10000"]) == 50)
    #expect(weight(["timestamp": "\(now - 5_000)", "warmup": "0"]) == 100)
  }

  @Test func `a warming provider's share grows with the wall clock`() {
    let started = FakeEndpoint(1, parameters: ["timestamp": "\(now - 60_000)"])
    let list = Roster([Candidate(started), Candidate(FakeEndpoint(2))], wallMilliseconds: now)
    func share(at wall: Int64) -> [Double] {
      shares(RandomLoadBalance(), list, .unary(), context(StillClock(wallMilliseconds: wall)))
    }
    #expect(isClose(share(at: now), [10.0 / 110, 100.0 / 110]))
    #expect(isClose(share(at: now + 240_000), [50.0 / 150, 100.0 / 150]))
    #expect(isClose(share(at: now + 600_000), [0.5, 0.5]))
    // The wall clock may be set back.
    #expect(isClose(share(at: now), [10.0 / 110, 100.0 / 110]))
  }
}

private func shares(
  _ balance: any LoadBalance, _ roster: Roster, _ invocation: Invocation, _ choice: ChoiceContext = context()
) -> [Double] {
  shares(balance, roster, count: 20_000, invocation, choice)
}
