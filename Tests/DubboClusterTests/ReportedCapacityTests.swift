import DubboCore
import Testing

@testable import DubboCluster

/// What providers report they would still take, and who gets the calls.
@Suite struct ReportedCapacityTests {
  private let clock = StillClock()
  private let balance = PowerOfTwoChoices()

  private func report(_ candidate: Candidate, _ remaining: String, method: String = "greet") {
    balance.learn(
      from: Reply(trailers: ["adaptive-service.remaining": remaining]), of: candidate, method: method, context(clock))
  }

  /// Gives a candidate answered calls of `duration`.
  private func feed(_ candidate: Candidate, _ duration: Duration) {
    for _ in 0..<20 {
      candidate.numbers.begin()
      candidate.numbers.end(since: clock.now, now: clock.now.advanced(by: duration), .answered)
    }
  }

  private func fedPair() -> Roster {
    let list = roster((1...2).map { FakeEndpoint($0) }, clock)
    feed(list.candidates[0], .milliseconds(1))
    feed(list.candidates[1], .milliseconds(50))
    return list
  }

  @Test func `where both report, the one that would take more wins, however slow`() {
    let list = fedPair()
    report(list.candidates[0], "3")
    report(list.candidates[1], "40")
    #expect(shares(balance, list, count: 100, .unary(), context(clock)) == [0, 1])
  }

  @Test func `where one reports nothing, or they report the same, what was measured decides`() {
    let list = fedPair()
    report(list.candidates[1], "40")
    #expect(shares(balance, list, count: 100, .unary(), context(clock)) == [1, 0])
    report(list.candidates[0], "40")
    #expect(shares(balance, list, count: 100, .unary(), context(clock)) == [1, 0])
  }

  @Test func `a report is about its method, loses what was sent since, and ends after ten seconds`() {
    let list = fedPair()
    let slow = list.candidates[1].numbers
    report(list.candidates[0], "3")
    report(list.candidates[1], "5", method: "other")
    #expect(shares(balance, list, count: 100, .unary(), context(clock)) == [1, 0])
    report(list.candidates[1], "5")
    #expect(slow.remaining(of: "greet", now: clock.now) == 5)
    for _ in 0..<7 { slow.begin() }
    #expect(slow.remaining(of: "greet", now: clock.now) == -2)
    report(list.candidates[1], "5")
    #expect(slow.remaining(of: "greet", now: clock.now) == 5)
    clock.advance(by: .seconds(10))
    #expect(slow.remaining(of: "greet", now: clock.now) == 5)
    clock.advance(by: .milliseconds(1))
    #expect(slow.remaining(of: "greet", now: clock.now) == nil)
  }

  @Test(arguments: ["", "many", "-1", "1.5", "99999999999999999999"])
  func `a report that is no number is none`(text: String) {
    let list = fedPair()
    report(list.candidates[0], text)
    #expect(list.candidates[0].numbers.remaining(of: "greet", now: clock.now) == nil)
  }

  private func cluster(_ endpoints: [FakeEndpoint], _ parameters: URLParameters = [:]) throws -> any Invoker {
    var catalog = ExtensionCatalog()
    catalog.registerClusterExtensions()
    let choice = context(clock)
    let directory = StaticDirectory(service: service, endpoints: endpoints, context: choice)
    let url = DubboURL(scheme: "consumer", host: "h", path: service.interface, parameters: parameters)
    return try catalog.factory("adaptiveService", for: Clusters.self)(
      ClusterContext(
        directory: directory, url: url, balances: BalanceTable(RandomLoadBalance()), choice: choice, log: .silent))
  }

  @Test func `adaptiveService asks every provider, and sends most to the one that would take most`() async throws {
    let endpoints = [5, 60, 20].enumerated().map { place, remaining in
      FakeEndpoint(place + 1) { invocation in
        #expect(invocation.metadata.values(for: "adaptive-service.enabled") == ["1"])
        return Reply(trailers: ["adaptive-service.remaining": "\(remaining)"])
      }
    }
    let cluster = try cluster(endpoints)
    for _ in 0..<300 { _ = try await cluster.invoke(.unary(metadata: ["adaptive-service.enabled": "0"])) }
    let counts = endpoints.map(\.callCount)
    #expect(counts.allSatisfy { $0 > 0 } && counts[1] > 150 && counts[0] < 20)
  }

  @Test func `a refusal is learnt from, tried elsewhere, and does not make a provider look quick`() async throws {
    let busy = FakeEndpoint(1) { _ in
      throw DubboError(
        .resourceExhausted, "bears no more", progress: .answered,
        metadata: ["adaptive-service.remaining": "0", "grpc-retry-pushback-ms": "0"])
    }
    let free = FakeEndpoint(2) { _ in Reply(message: [2], trailers: ["adaptive-service.remaining": "9"]) }
    let cluster = try cluster([busy, free])
    for _ in 0..<50 {
      let reply = try await cluster.invoke(.unary(idempotent: true))
      #expect(reply.message == [2])
    }
    #expect(busy.callCount <= 2 && free.callCount == 50)
    let error = DubboError(.resourceExhausted, "busy", progress: .answered)
    #expect(error.outcome == .abandoned)
  }

  @Test(arguments: ["loadbalance", "greet.loadbalance"])
  func `adaptiveService works with p2c alone, and says so`(parameter: String) throws {
    #expect(throws: Never.self) { try cluster([FakeEndpoint(1)], [parameter: "p2c"]) }
    let error = #expect(throws: DubboError.self) { try cluster([FakeEndpoint(1)], [parameter: "random"]) }
    #expect(error?.reason == .configuration && error?.message.contains("\(parameter)=random") == true)
  }
}
