import DubboCore
import Synchronization
import Testing

@testable import DubboCluster

@Suite struct ServiceDirectoryTests {
  private let made = Made()

  private final class Made: Sendable {
    private let urls = Mutex<[DubboURL]>([])
    func append(_ url: DubboURL) { urls.withLock { $0.append(url) } }
    var count: Int { urls.withLock { $0.count } }
  }

  private func directory(_ choice: ChoiceContext = context()) -> ServiceDirectory {
    ServiceDirectory(service: service, context: choice) { [made] url in
      guard url.scheme == "tri" else { throw DubboError(.invalidArgument, "no such protocol", reason: .configuration) }
      made.append(url)
      return FakeEndpoint(url) { _ in Reply() }
    }
  }

  private func url(_ number: Int, _ parameters: URLParameters = [:]) -> DubboURL {
    DubboURL(scheme: "tri", host: "10.0.0.\(number)", port: 1, path: service.interface, parameters: parameters)
  }

  @Test func `a provider that stays keeps its endpoint and its numbers`() throws {
    let directory = directory()
    _ = directory.update([url(1), url(2)])
    let before = try #require(directory.snapshot.roster.candidates.first)
    let change = directory.update([url(1, ["weight": "7"]), url(3)])
    let after = try #require(directory.snapshot.roster.candidates.first)
    #expect(after.numbers === before.numbers)
    #expect(after.endpoint as AnyObject === before.endpoint as AnyObject)
    #expect(after.url.weight == 7)
    #expect(change.kept == 1 && change.added == 1)
    #expect(change.retired.map(\.url.address) == ["10.0.0.2:1"])
    #expect(made.count == 3)
  }

  @Test func `the order is the registry's and of duplicates the later counts`() {
    let directory = directory()
    let change = directory.update([url(2), url(1), url(2, ["weight": "5"])])
    #expect(directory.snapshot.roster.candidates.map(\.address) == ["10.0.0.2:1", "10.0.0.1:1"])
    #expect(directory.snapshot.roster.candidates.first?.url.weight == 5)
    #expect(change.added == 2 && made.count == 2)
  }

  @Test func `case 39: what cannot be used is left out and the rest serves`() {
    let directory = directory()
    var odd = url(2)
    odd.scheme = "odd"
    let change = directory.update([url(1), odd])
    #expect(change.refused.map(\.url) == [odd])
    #expect(directory.snapshot.roster.count == 1)
  }

  @Test func `a call waits for the first providers`() async throws {
    let directory = directory(ChoiceContext(clock: NeverClock()))
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<10 { group.addTask { try await directory.list(.unary()).count } }
      await Task.yield()
      _ = directory.update([url(1), url(2)])
      for try await count in group { #expect(count == 2) }
    }
  }

  @Test func `and no longer than its deadline`() async {
    let clock = StillClock()
    let directory = directory(context(clock))
    let start = clock.now
    let error = await #expect(throws: DubboError.self) {
      try await directory.list(.unary(deadline: start.advanced(by: .milliseconds(500))))
    }
    #expect(error?.reason == .noProvider)
    #expect(start.duration(to: clock.now) == .milliseconds(500))
  }

  @Test func `a wait that is cancelled ends`() async {
    let directory = directory(ChoiceContext(clock: NeverClock()))
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await #expect(throws: (any Error).self) { try await directory.list(.unary()) } }
      group.cancelAll()
    }
  }

  @Test func `after the first providers an empty directory fails calls at once`() async {
    let directory = directory(ChoiceContext(clock: NeverClock()))
    _ = directory.update([url(1)])
    _ = directory.update([])
    let error = await #expect(throws: DubboError.self) { try await directory.list(.unary()) }
    #expect(error?.reason == .noProvider)
  }

  @Test func `what a balancer has made for a list is made for the next one before a call sees it`() {
    enum Count: RosterCacheKey { typealias Value = Int }
    let directory = directory()
    _ = directory.update([url(1)])
    #expect(directory.snapshot.roster.cached(Count.self) { $0.count } == 1)
    _ = directory.update([url(1), url(2)])
    #expect(directory.snapshot.roster.cached(Count.self) { _ in -1 } == 2)
  }

  /// The addresses of the ring that a list has; none when it has no ring yet.
  private func isRinged(_ roster: Roster, nodes: Int = 160) -> Bool {
    roster.cached(ConsistentHash.RingKey.self, variant: String(nodes)) { _ in HashRing(addresses: [], nodes: 4) }
      .index(for: []) != nil
  }

  @Test(arguments: [false, true])
  func `the ring of a consistent hash is there before its first call`(isListedBefore: Bool) throws {
    let directory = directory()
    let consumer = DubboURL(
      scheme: "consumer", host: "h", parameters: ["greet.loadbalance": "consistenthash", "greet.hash.nodes": "8"])
    var catalog = ExtensionCatalog()
    catalog.registerClusterExtensions()
    let balances = try BalanceTable(consumer, catalog: catalog)
    if isListedBefore { _ = directory.update([url(1), url(2)]) }
    directory.prepare(for: balances)
    if !isListedBefore { _ = directory.update([url(1), url(2)]) }
    #expect(isRinged(directory.snapshot.roster) && isRinged(directory.snapshot.roster, nodes: 8))
  }

  @Test func `what a provider writes as an empty text it does not say`() {
    let directory = directory()
    _ = directory.update([url(1, ["loadbalance": "", "methods.x.retries": "", "timeout": ""])])
    #expect(!directory.snapshot.changesCalls)
    _ = directory.update([url(1, ["loadbalance": "", "timeout": "70"])])
    #expect(directory.snapshot.changesCalls && directory.snapshot.effective(url(9)).timeout == .milliseconds(70))
    #expect(directory.snapshot.effective(url(9))["loadbalance"] == nil)
  }

  @Test func `where rules are live first calls wait for those of the providers' applications`() {
    func waiting() -> ServiceDirectory {
      ServiceDirectory(service: service, consumer: nil, context: context(), awaitsRules: true) {
        FakeEndpoint($0) { _ in Reply() }
      }
    }
    let providers = [url(1, ["application": "shop"]), url(2)]
    let directory = waiting()
    _ = directory.update(providers)
    #expect(directory.isWaiting)
    directory.rulesAreKnown(of: [])
    #expect(directory.isWaiting)
    directory.rulesAreKnown(of: ["shop"])
    #expect(!directory.isWaiting)
    let other = waiting()
    other.rulesAreKnown(of: ["office", "shop"])
    #expect(other.isWaiting)
    _ = other.update(providers)
    #expect(!other.isWaiting)
  }

  @Test func `the services of several groups and versions at one address are each a provider`() {
    let directory = directory()
    let urls = [url(1), url(1, ["group": "a"]), url(1, ["group": "b"]), url(1, ["group": "b", "version": "2"])]
    #expect(directory.update(urls + [url(1, ["group": "a", "weight": "7"])]).added == 4)
    #expect(directory.snapshot.roster.candidates.map { $0.url.weight } == [100, 7, 100, 100])
  }

  @Test func `for balances that need no ring none is made`() {
    let directory = directory()
    directory.prepare(for: BalanceTable(RoundRobin(), ofMethods: ["greet": PowerOfTwoChoices()]))
    _ = directory.update([url(1), url(2)])
    #expect(!isRinged(directory.snapshot.roster))
  }

  @Test func `lists that rules leave use the ring of all providers`() async throws {
    let directory = directory()
    let hash = ConsistentHash(DubboURL(scheme: "consumer", host: "h"))
    directory.prepare(for: BalanceTable(hash))
    _ = directory.update((1...9).map { url($0) })
    let text = "scope: service\nkey: org.example.Greeter\nconditions: ['=> host=10.0.0.1,10.0.0.4,10.0.0.5']"
    directory.update(rules: try RuleSet(reading: ["a.condition-router": text]))
    let list = try await directory.list(.unary())
    #expect(list.count == 3)
    let alone = Roster(list.candidates, wallMilliseconds: 0)
    for number in 0..<200 {
      var invocation = Invocation.unary()
      invocation.hashKey = "key-\(number)"
      #expect(
        hash.select(from: list, for: invocation, context()) === hash.select(from: alone, for: invocation, context()))
    }
    #expect(isRinged(directory.snapshot.roster) && !isRinged(list))
  }

  @Test func `a closed directory hands its endpoints back and takes no more`() async {
    let directory = directory(ChoiceContext(clock: NeverClock()))
    _ = directory.update([url(1)])
    #expect(directory.close().count == 1)
    #expect(directory.close().isEmpty)
    #expect(directory.update([url(2)]).added == 0)
    #expect(directory.snapshot.roster.isEmpty)
    await #expect(throws: DubboError.self) { try await directory.list(.unary()) }
  }
}

/// A clock on which nothing ever comes: a sleep lasts until it is cancelled.
struct NeverClock: DubboClock {
  var now: MonotonicInstant { .init(nanoseconds: 1) }
  var wallMilliseconds: Int64 { 0 }

  func sleep(until instant: MonotonicInstant) async throws {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    defer { continuation.finish() }
    for await _ in stream {}
    throw CancellationError()
  }
}
