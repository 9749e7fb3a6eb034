import DubboCore
import Testing

@testable import DubboCluster

@Suite struct StrategyTests {
  private let clock = StillClock()

  private func clusterContext(
    _ endpoints: [FakeEndpoint], _ parameters: URLParameters = [:], clock: (any DubboClock)? = nil
  ) -> ClusterContext {
    firstOneContext(
      endpoints, parameters, ChoiceContext(clock: clock ?? self.clock, random: RandomSource(seed: 1)))
  }

  private static let failing: FakeEndpoint.Behaviour = { _ in
    throw DubboError(.unavailable, "no", reason: .connection, progress: .notSent)
  }

  @Test func `failfast makes one attempt`() async {
    let endpoints = [FakeEndpoint(1, Self.failing), FakeEndpoint(2)]
    await #expect(throws: DubboError.self) {
      try await FailfastCluster(clusterContext(endpoints)).invoke(.unary(idempotent: true))
    }
    #expect(endpoints.map(\.callCount) == [1, 0])
  }

  @Test func `case 29: failsafe swallows the failure`() async throws {
    let endpoints = [FakeEndpoint(1, Self.failing), FakeEndpoint(2)]
    #expect(try await FailsafeCluster(clusterContext(endpoints)).invoke(.unary()).message == [])
    #expect(endpoints.map(\.callCount) == [1, 0])
  }

  @Test func `case 29: available takes the first that is available`() async throws {
    let endpoints = [
      FakeEndpoint(1, availability: .unavailable), FakeEndpoint(2, availability: .idle), FakeEndpoint(3),
    ]
    let cluster = AvailableCluster(clusterContext(endpoints))
    _ = try await cluster.invoke(.unary())
    #expect(endpoints.map(\.callCount) == [0, 1, 0])
    for endpoint in endpoints { endpoint.availability = .unavailable }
    let error = await #expect(throws: DubboError.self) { try await cluster.invoke(.unary()) }
    #expect(error?.reason == .noProvider)
  }

  @Test func `available calls an ejected provider when nobody else is left`() async throws {
    let clock = StillClock()
    let endpoints = [FakeEndpoint(1), FakeEndpoint(2)]
    let candidates = endpoints.map { Candidate($0) }
    let directory = StaticDirectory(service: service, candidates: candidates, context: context(clock))
    let consumer = DubboURL(scheme: "consumer", host: "", path: service.interface)
    let cluster = AvailableCluster(
      ClusterContext(
        directory: directory, url: consumer, balances: BalanceTable(RandomLoadBalance()), choice: context(clock)))
    candidates[0].numbers.eject(until: clock.now.advanced(by: .seconds(30)))
    _ = try await cluster.invoke(.unary())
    #expect(endpoints.map(\.callCount) == [0, 1])
    endpoints[1].availability = .unavailable
    _ = try await cluster.invoke(.unary())
    #expect(endpoints.map(\.callCount) == [1, 1])
  }

  @Test func `cases 29 and 30: forking returns the first success and cancels the others`() async throws {
    let cancelled = Box(0)
    let slow: FakeEndpoint.Behaviour = { _ in
      do {
        try await NeverClock().sleep(until: .distantFuture)
      } catch {
        cancelled.value += 1
        throw error
      }
      return Reply()
    }
    let endpoints = [
      FakeEndpoint(1, slow), FakeEndpoint(2, Self.failing), FakeEndpoint(3) { _ in Reply(message: [3]) },
      FakeEndpoint(4),
    ]
    let reply = try await ForkingCluster(clusterContext(endpoints, ["forks": "3"])).invoke(.unary())
    #expect(reply.message == [3])
    #expect(endpoints.map(\.callCount) == [1, 1, 1, 0])
    #expect(cancelled.value == 1)
  }

  @Test func `forking fails when all fail`() async {
    let endpoints = (1...3).map { FakeEndpoint($0, Self.failing) }
    let error = await #expect(throws: DubboError.self) {
      try await ForkingCluster(clusterContext(endpoints)).invoke(.unary())
    }
    #expect(error?.code == .unavailable)
    #expect(endpoints.map(\.callCount) == [1, 1, 0])
  }

  @Test func `case 29: broadcast calls everyone and names each failure`() async throws {
    let good = (1...3).map { number in FakeEndpoint(number) { _ in Reply(message: [UInt8(number)]) } }
    #expect(try await BroadcastCluster(clusterContext(good)).invoke(.unary()).message == [3])
    let mixed = [FakeEndpoint(1, Self.failing), FakeEndpoint(2), FakeEndpoint(3, Self.failing)]
    let error = await #expect(throws: DubboError.self) {
      try await BroadcastCluster(clusterContext(mixed)).invoke(.unary())
    }
    #expect(mixed.map(\.callCount) == [1, 1, 1])
    #expect(error?.message.contains("10.0.0.1:50051") == true && error?.message.contains("10.0.0.3:50051") == true)
  }

  @Test func `broadcast stops when too many have failed`() async {
    let endpoints = (1...10).map { FakeEndpoint($0, Self.failing) }
    await #expect(throws: DubboError.self) {
      try await BroadcastCluster(clusterContext(endpoints, ["broadcast.fail.percent": "30"])).invoke(.unary())
    }
    #expect(endpoints.reduce(0) { $0 + $1.callCount } == 3)
  }

  @Test func `failback makes the call again every five seconds until it succeeds`() async throws {
    let clock = StillClock()
    let done = Gatekeeper()
    let endpoint = FakeEndpoint(1) { _ in
      let attempt = await done.arrive()
      if attempt < 3 { throw DubboError(.unavailable, "no", reason: .connection, progress: .unknown) }
      return Reply()
    }
    let cluster = FailbackCluster(clusterContext([endpoint], clock: clock))
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await cluster.run() }
      _ = try? await cluster.invoke(.unary())
      await done.wait(for: 3)
      group.cancelAll()
    }
    #expect(endpoint.callCount == 3)
    #expect(clock.slept.filter { $0 > .seconds(4) }.count == 2)
    #expect(cluster.keptCount == 0)
  }

  @Test func `case 29: failback gives up after its retries and keeps only so many calls`() async throws {
    let clock = StillClock()
    let done = Gatekeeper()
    let endpoint = FakeEndpoint(1) { _ in
      _ = await done.arrive()
      throw DubboError(.unavailable, "no", reason: .connection, progress: .unknown)
    }
    let cluster = FailbackCluster(clusterContext([endpoint], ["failbacktasks": "2", "retries": "1"], clock: clock))
    for _ in 0..<2 { _ = try await cluster.invoke(.unary()) }
    await #expect(throws: DubboError.self) { try await cluster.invoke(.unary()) }
    #expect(cluster.keptCount == 2)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await cluster.run() }
      await done.wait(for: 5)
      group.cancelAll()
    }
    #expect(endpoint.callCount == 5)
    #expect(cluster.keptCount == 0)
  }

  @Test func `case 29: failback's background ends when cancelled, before the first call and twice`() async {
    let cluster = FailbackCluster(clusterContext([FakeEndpoint(1)]))
    for _ in 0..<2 {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await cluster.run() }
        group.cancelAll()
      }
    }
  }

  @Test func `mergeable joins the replies of all groups`() async throws {
    let endpoints = ["a", "a", "b", "c"].enumerated().map { index, group in
      FakeEndpoint(index + 1, parameters: ["group": group]) { _ in Reply(message: [UInt8(index + 1)]) }
    }
    let merged = try await MergeableCluster(clusterContext(endpoints, ["merger": "true"])).invoke(.unary())
    #expect(merged.message == [1, 3, 4])
    #expect(endpoints.map(\.callCount) == [1, 0, 1, 1])
    let single = try await MergeableCluster(clusterContext(endpoints)).invoke(.unary())
    #expect(single.message == [1])
    let error = await #expect(throws: DubboError.self) {
      try await MergeableCluster(clusterContext(endpoints, ["merger": "none"])).invoke(.unary())
    }
    #expect(error?.reason == .configuration)
  }

  @Test(arguments: ["forking", "broadcast", "mergeable"])
  func `what cannot carry streams says so`(name: String) async throws {
    let context = clusterContext([FakeEndpoint(1)], ["merger": "true"])
    let cluster = try context.catalog.factory(name, for: Clusters.self)(context)
    let error = await #expect(throws: DubboError.self) { try await cluster.invoke(.streamed { _, _ in }) }
    #expect(error?.message.contains("failover") == true)
  }

  @Test func `every strategy of Dubbo is known by its name`() throws {
    let context = clusterContext([FakeEndpoint(1)])
    #expect(
      context.catalog.names(for: Clusters.self)
        == [
          "adaptiveService", "available", "broadcast", "failback", "failfast", "failover", "failsafe", "forking",
          "mergeable",
          "zone-aware", "zoneAware",
        ])
  }
}

@Suite struct ZoneAwareTests {
  private func member(_ number: Int, _ parameters: URLParameters, hasProviders: Bool = true) -> ZoneAwareCluster.Member
  {
    let endpoint = FakeEndpoint(number) { _ in Reply(message: [UInt8(number)]) }
    let directory = StaticDirectory(service: service, endpoints: hasProviders ? [endpoint] : [], context: context())
    let cluster = FailfastCluster(
      ClusterContext(
        directory: directory, url: DubboURL(scheme: "consumer", host: "h"), balances: BalanceTable(FirstOne()),
        choice: context(), log: .silent))
    return .init(
      registry: DubboURL(scheme: "nacos", host: "r\(number)", parameters: parameters), cluster: cluster,
      directory: directory)
  }

  private func chosen(_ members: [ZoneAwareCluster.Member], _ metadata: Metadata = [:]) async throws -> UInt8? {
    try await ZoneAwareCluster(members, context: context()).invoke(.unary(metadata: metadata)).message.first
  }

  @Test func `the preferred registry comes first, then the zone, then any that has providers`() async throws {
    let plain = member(1, [:], hasProviders: false)
    let zoned = member(2, ["zone": "hangzhou"])
    let preferred = member(3, ["preferred": "true"])
    #expect(try await chosen([plain, zoned, preferred], ["registry_zone": "hangzhou"]) == 3)
    #expect(try await chosen([member(4, [:]), zoned], ["registry_zone": "hangzhou"]) == 2)
    #expect(try await chosen([plain, zoned]) == 2)
  }

  @Test func `a zone by force is that zone or nothing`() async {
    let error = await #expect(throws: DubboError.self) {
      try await chosen([member(1, ["zone": "a"])], ["registry_zone": "b", "registry_zone_force": "true"])
    }
    #expect(error?.reason == .noProvider)
  }

  @Test func `else the registries' weights decide`() async throws {
    let cluster = ZoneAwareCluster([member(1, ["weight": "10"]), member(2, ["weight": "30"])], context: context())
    var second = 0
    for _ in 0..<4_000 where try await cluster.invoke(.unary()).message == [2] { second += 1 }
    #expect((2_850...3_150).contains(second))
  }
}

/// Counts arrivals and lets a test wait for the n-th.
actor Gatekeeper {
  private var count = 0
  private var waiting: [(Int, CheckedContinuation<Void, Never>)] = []

  func arrive() -> Int {
    count += 1
    for (number, continuation) in waiting where number <= count { continuation.resume() }
    waiting.removeAll { $0.0 <= count }
    return count
  }

  func wait(for number: Int) async {
    if count >= number { return }
    await withCheckedContinuation { waiting.append((number, $0)) }
  }
}
