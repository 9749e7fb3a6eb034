import DubboCluster
import DubboCore
import Testing

@Suite struct FailoverClusterTests {
  private let clock = StillClock()

  private func cluster(
    _ endpoints: [FakeEndpoint], _ parameters: URLParameters = [:], balance: any LoadBalance = FirstOne(),
    budget: SharedRetryBudget = SharedRetryBudget()
  ) -> FailoverCluster {
    let choice = context(clock)
    let directory = StaticDirectory(service: service, endpoints: endpoints, context: choice)
    let url = DubboURL(scheme: "consumer", host: "127.0.0.1", path: service.interface, parameters: parameters)
    return FailoverCluster(
      ClusterContext(
        directory: directory, url: url, balances: BalanceTable(balance), choice: choice, budget: budget, log: .silent))
  }

  private static func failing(_ progress: DubboError.Progress, _ code: StatusCode = .unavailable)
    -> FakeEndpoint.Behaviour
  {
    { _ in throw DubboError(code, "no", reason: progress == .answered ? .status : .connection, progress: progress) }
  }

  @Test func `case 8: a provider that cannot be reached is passed over, however many there are`() async throws {
    let down = (1...9).map { FakeEndpoint($0, Self.failing(.notSent)) }
    let up = FakeEndpoint(10) { _ in Reply(message: [42]) }
    let reply = try await cluster(down + [up]).invoke(.unary())
    #expect(reply.message == [42])
    #expect(down.allSatisfy { $0.callCount == 1 })
    #expect(clock.slept == [])
  }

  @Test func `cases 1 and 2: a call that may have run is not repeated unless it is idempotent`() async throws {
    let first = FakeEndpoint(1, Self.failing(.unknown))
    let second = FakeEndpoint(2)
    let error = await #expect(throws: DubboError.self) { try await cluster([first, second]).invoke(.unary()) }
    #expect(error?.code == .unavailable)
    #expect(second.callCount == 0)
    _ = try await cluster([first, second]).invoke(.unary(idempotent: true))
    #expect(second.callCount == 1)
    _ = try await cluster([first, second], ["greet.idempotent": "true"]).invoke(.unary())
    #expect(second.callCount == 2)
  }

  @Test(arguments: [("0", 1), ("1", 2), ("2", 3), ("5", 6), ("-1", 1)])
  func `retries limits the attempts`(retries: String, attempts: Int) async {
    let endpoints = (1...8).map { FakeEndpoint($0, Self.failing(.unknown)) }
    await #expect(throws: DubboError.self) {
      try await cluster(endpoints, ["retries": retries]).invoke(.unary(idempotent: true))
    }
    #expect(endpoints.reduce(0) { $0 + $1.callCount } == attempts)
    #expect(endpoints.allSatisfy { $0.callCount <= 1 })
  }

  @Test(arguments: [("0", 1), ("1", 2), ("4", 5), ("-3", 1)])
  func `an attachment retries overrides those of the reference once, and no provider sees it`(
    retries: String, attempts: Int
  ) async {
    let endpoints = (1...8).map { number in
      FakeEndpoint(number) { invocation in
        #expect(invocation.metadata["retries"] == nil && invocation.metadata["user"] == "ann")
        throw DubboError(.unavailable, "no", reason: .connection, progress: .unknown)
      }
    }
    let cluster = cluster(endpoints, ["retries": "2"])
    _ = try? await cluster.invoke(.unary(idempotent: true, metadata: ["Retries": retries, "user": "ann"]))
    let first = endpoints.reduce(0) { $0 + $1.callCount }
    #expect(first == attempts)
    _ = try? await cluster.invoke(.unary(idempotent: true, metadata: ["user": "ann"]))
    #expect(endpoints.reduce(0) { $0 + $1.callCount } - first == 3)
  }

  @Test func `an attachment retries that is no number is the caller's own`() async throws {
    let endpoint = FakeEndpoint(1) { invocation in
      #expect(invocation.metadata["retries"] == "soon")
      throw DubboError(.unavailable, "no", reason: .connection, progress: .unknown)
    }
    _ = try? await cluster([endpoint], ["retries": "1"]).invoke(.unary(idempotent: true, metadata: ["retries": "soon"]))
    #expect(endpoint.callCount == 2)
  }

  @Test func `with one provider the retries go to it after a pause`() async {
    let only = FakeEndpoint(1, Self.failing(.unknown))
    await #expect(throws: DubboError.self) { try await cluster([only]).invoke(.unary(idempotent: true)) }
    #expect(only.callCount == 3)
    #expect(clock.slept.count == 2)
    #expect(clock.slept[0] < clock.slept[1])
  }

  @Test func `the error names the attempts and keeps its code`() async {
    let endpoints = (1...2).map { FakeEndpoint($0, Self.failing(.answered)) }
    let error = await #expect(throws: DubboError.self) {
      try await cluster(endpoints, ["retries": "1"]).invoke(.unary(idempotent: true))
    }
    #expect(error?.message.contains("10.0.0.1:50051, 10.0.0.2:50051") == true)
    #expect(error?.progress == .answered)
  }

  @Test func `case 27: an unusable provider is not asked while another is usable`() async throws {
    let down = FakeEndpoint(1, availability: .unavailable)
    let up = FakeEndpoint(2)
    for _ in 0..<5 { _ = try await cluster([down, up]).invoke(.unary()) }
    #expect(down.callCount == 0)
    #expect(up.callCount == 5)
    up.availability = .unavailable
    _ = try await cluster([down, up]).invoke(.unary())
    #expect(down.callCount + up.callCount == 6)
  }

  @Test(arguments: ["cluster.availablecheck", "greet.cluster.availablecheck"])
  func `without the check of availability a provider that cannot be reached is asked like any other`(
    parameter: String
  ) async throws {
    for balance in [FirstOne(), PowerOfTwoChoices()] as [any LoadBalance] {
      let down = FakeEndpoint(1, availability: .unavailable)
      let up = FakeEndpoint(2)
      let checked = cluster([down, up], balance: balance)
      for _ in 0..<50 { _ = try await checked.invoke(.unary()) }
      #expect(down.callCount == 0)
      let unchecked = cluster([down, up], [parameter: "false"], balance: balance)
      for _ in 0..<50 { _ = try await unchecked.invoke(.unary()) }
      #expect(down.callCount > 0)
    }
  }

  @Test func `case 24: the budget ends retries when everything fails`() async {
    let budget = SharedRetryBudget(RetryBudget(share: 0.2, perSecond: 0))
    let endpoints = (1...3).map { FakeEndpoint($0, Self.failing(.unknown)) }
    let cluster = cluster(endpoints, budget: budget)
    for _ in 0..<100 { await #expect(throws: DubboError.self) { try await cluster.invoke(.unary(idempotent: true)) } }
    #expect((115...120).contains(endpoints.reduce(0) { $0 + $1.callCount }))
  }

  @Test func `case 20: every attempt sees the one deadline`() async {
    let deadline = clock.now.advanced(by: .milliseconds(30))
    let only = FakeEndpoint(1) { [clock] invocation in
      #expect(invocation.deadline == deadline)
      clock.advance(by: .milliseconds(10))
      throw DubboError(.unavailable, "no", reason: .connection, progress: .unknown)
    }
    await #expect(throws: DubboError.self) {
      try await cluster([only], ["retries": "50"]).invoke(.unary(idempotent: true, deadline: deadline))
    }
    #expect(only.callCount <= 2)
  }

  @Test func `nobody there is said at once`() async {
    let error = await #expect(throws: DubboError.self) { try await cluster([]).invoke(.unary()) }
    #expect(error?.reason == .noProvider)
    #expect(error?.progress == .notSent)
  }

  @Test func `a sticky reference stays with its provider until that fails`() async throws {
    let endpoints = (1...3).map { FakeEndpoint($0) }
    let cluster = cluster(endpoints, ["sticky": "true"], balance: RandomLoadBalance())
    for _ in 0..<30 { _ = try await cluster.invoke(.unary()) }
    let favourite = try #require(endpoints.first { $0.callCount > 0 })
    #expect(favourite.callCount == 30)
    favourite.availability = .unavailable
    for _ in 0..<30 { _ = try await cluster.invoke(.unary()) }
    #expect(favourite.callCount == 30)
    #expect(endpoints.map(\.callCount).sorted() == [0, 30, 30])
  }

  @Test func `case 40: a provider that keeps failing is left out, and taken back when its time is over`() async throws {
    let sick = FakeEndpoint(1) { [clock] _ in
      if clock.now < MonotonicInstant(nanoseconds: 20_000_000_000) {
        throw DubboError(.unavailable, "no", reason: .connection, progress: .unknown)
      }
      return Reply()
    }
    let well = FakeEndpoint(2)
    let cluster = cluster([sick, well], ["retries": "0"])
    for _ in 0..<20 { _ = try? await cluster.invoke(.unary()) }
    #expect(sick.callCount == 5)
    #expect(well.callCount == 15)
    clock.advance(by: .seconds(31))
    for _ in 0..<20 { _ = try await cluster.invoke(.unary()) }
    #expect(sick.callCount == 25)
  }

  @Test func `a failing provider without company is still called`() async {
    let only = FakeEndpoint(1, Self.failing(.unknown))
    let cluster = cluster([only])
    for _ in 0..<20 { _ = try? await cluster.invoke(.unary()) }
    #expect(only.callCount == 20)
  }

  @Test func `calls are counted and measured at the provider that got them`() async throws {
    let endpoint = FakeEndpoint(1) { [clock] _ in
      clock.advance(by: .milliseconds(3))
      return Reply()
    }
    let candidate = Candidate(endpoint)
    let choice = context(clock)
    let directory = StaticDirectory(service: service, candidates: [candidate], context: choice)
    let cluster = FailoverCluster(
      ClusterContext(
        directory: directory, url: DubboURL(scheme: "consumer", host: "h"), balances: BalanceTable(RandomLoadBalance()),
        choice: choice))
    _ = try await cluster.invoke(.unary())
    #expect(candidate.numbers.inFlight == 0)
    #expect(candidate.numbers.answeredCalls == 1)
    #expect(candidate.numbers.totalMicroseconds == 3_000)
    #expect(candidate.numbers.estimatedMicroseconds(now: clock.now) == 3_000)
  }
}

/// Always the first candidate, so that tests know who is asked.
struct FirstOne: LoadBalance {
  func select(from roster: Roster, for invocation: Invocation, _ context: ChoiceContext) -> Candidate? {
    roster.candidates.first
  }
}
