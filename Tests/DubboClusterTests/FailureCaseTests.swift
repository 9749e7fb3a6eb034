import DubboCore
import Synchronization
import Testing

@testable import DubboCluster

/// Cases of the list of failures that the cluster alone decides.
@Suite struct FailureCaseTests {
  private let clock = StillClock()

  private func cluster(_ endpoints: [FakeEndpoint], _ balance: any LoadBalance, seed: UInt64 = 1) -> FailoverCluster {
    let choice = context(clock, seed: seed)
    return FailoverCluster(
      ClusterContext(
        directory: StaticDirectory(service: service, endpoints: endpoints, context: choice),
        url: DubboURL(scheme: "consumer", host: "h", path: service.interface), balances: BalanceTable(balance),
        choice: choice, log: .silent))
  }

  @Test func `case 40: a provider that dies costs the call on its connection, and then no other`() async throws {
    let breaks = Box(true)
    let dead = FakeEndpoint(1) { _ in
      let progress: DubboError.Progress = breaks.value ? .unknown : .notSent
      breaks.value = false
      throw DubboError(.unavailable, "gone", reason: .connection, progress: progress)
    }
    let cluster = cluster([dead, FakeEndpoint(2), FakeEndpoint(3)], RandomLoadBalance())
    var failed = 0
    for _ in 0..<1_000 {
      do { _ = try await cluster.invoke(.unary()) } catch { failed += 1 }
      clock.advance(by: .milliseconds(1))
    }
    #expect(failed == 1)
    #expect(dead.callCount < 20)
  }

  @Test func `case 40: it is asked again, and takes its share when it answers`() async throws {
    let isDead = Box(true)
    let provider = FakeEndpoint(1) { _ in
      if isDead.value { throw DubboError(.unavailable, "gone", reason: .connection, progress: .notSent) }
      return Reply()
    }
    let cluster = cluster([provider, FakeEndpoint(2)], RandomLoadBalance())
    for _ in 0..<200 { _ = try await cluster.invoke(.unary()) }
    isDead.value = false
    clock.advance(by: .seconds(600))
    let before = provider.callCount
    for _ in 0..<200 { _ = try await cluster.invoke(.unary()) }
    #expect((70...130).contains(provider.callCount - before))
  }

  @Test func `case 27: every attempt lists the providers anew`() async throws {
    let list = ServiceDirectory(service: service, context: context(clock)) {
      FakeEndpoint($0) { _ in Reply(message: [2]) }
    }
    let second = DubboURL(scheme: "tri", host: "10.0.0.2", port: 50051, path: service.interface)
    let choice = context(clock)
    let first = ServiceDirectory(service: service, context: choice) { url in
      FakeEndpoint(url) { _ in
        if url.host == "10.0.0.1" {
          // The registry tells of another one while this call fails.
          _ = list.update([second])
          throw DubboError(.unavailable, "gone", reason: .connection, progress: .notSent)
        }
        return Reply(message: [2])
      }
    }
    _ = first.update([DubboURL(scheme: "tri", host: "10.0.0.1", port: 50051, path: service.interface)])
    let changing = ChangingDirectory(first: first, second: list)
    let cluster = FailoverCluster(
      ClusterContext(
        directory: changing, url: DubboURL(scheme: "consumer", host: "h"), balances: BalanceTable(FirstOne()),
        choice: choice, log: .silent))
    let reply = try await cluster.invoke(.unary())
    #expect(reply.message == [2])
  }

  /// Calls one after another for a while, in time that the providers' answers take.
  private func shareOfSlow(_ balance: any LoadBalance, slow: Duration) -> Double {
    let endpoints = (1...5).map { FakeEndpoint($0) }
    let list = roster(endpoints, clock)
    let choice = context(clock, seed: 4)
    var underWay: [(end: MonotonicInstant, start: MonotonicInstant, candidate: Candidate)] = []
    var hits = 0
    var all = 0
    // A call each millisecond for four seconds; the first is left to learn.
    for step in 0..<4_000 {
      let now = clock.now
      for call in underWay where call.end <= now {
        call.candidate.numbers.end(since: call.start, now: call.end, .answered)
      }
      underWay.removeAll { $0.end <= now }
      if let candidate = balance.select(from: list, for: .unary(), choice) {
        let isSlow = candidate === list.candidates[0]
        candidate.numbers.begin()
        underWay.append((now.advanced(by: isSlow ? slow : .milliseconds(2)), now, candidate))
        if step >= 1_000 {
          all += 1
          if isSlow { hits += 1 }
        }
      }
      clock.advance(by: .milliseconds(1))
    }
    return Double(hits) / Double(all)
  }

  @Test(arguments: ["p2c", "leastactive", "shortestresponse"])
  func `case 56: a slow provider gets less than a twentieth of the calls after a second`(name: String) throws {
    var catalog = ExtensionCatalog()
    catalog.registerClusterExtensions()
    let balance = try catalog.factory(name, for: LoadBalances.self)(DubboURL(scheme: "consumer", host: "h"))
    let share = shareOfSlow(balance, slow: .milliseconds(400))
    #expect(share < 0.05, "\(share)")
  }

  @Test(arguments: ["p2c", "leastactive", "shortestresponse", "random", "roundrobin", "consistenthash"])
  func `case 56: a dead provider gets less than a twentieth of the calls, whatever the balance`(
    name: String
  ) async throws {
    var catalog = ExtensionCatalog()
    catalog.registerClusterExtensions()
    let balance = try catalog.factory(name, for: LoadBalances.self)(DubboURL(scheme: "consumer", host: "h"))
    let dead = FakeEndpoint(1) { _ in
      throw DubboError(.unavailable, "gone", reason: .connection, progress: .notSent)
    }
    let cluster = cluster([dead] + (2...5).map { FakeEndpoint($0) }, balance)
    for number in 0..<1_000 {
      var invocation = Invocation.unary()
      invocation.hashKey = "\(number)"
      _ = try await cluster.invoke(invocation)
      clock.advance(by: .milliseconds(1))
    }
    #expect(dead.callCount < 50, "\(dead.callCount)")
  }
}

/// The first directory's providers until the second has any.
private struct ChangingDirectory: Directory {
  let first: ServiceDirectory
  let second: ServiceDirectory

  var service: ServiceKey { first.service }
  var snapshot: DirectorySnapshot { second.snapshot.roster.isEmpty ? first.snapshot : second.snapshot }

  func list(_ invocation: Invocation) async throws -> Roster {
    try await (second.snapshot.roster.isEmpty ? first : second).list(invocation)
  }
}
