import Dubbo
import DubboCluster
import DubboRegistry
import DubboTesting
import Synchronization
import Testing

/// What a reference's URL says of its calls, where several references share the providers of one service.
@Suite(.timeLimit(.minutes(1))) struct ReferenceParameterTests {
  private let network = InProcessNetwork()
  private let center = InMemoryConfigCenter()

  @Test func `each reference has its own retries, and override rules change them`() async throws {
    let served = Mutex(0)
    var application = DubboApplication(
      name: "shop", protocols: ["inproc://one:0"], registries: ["memory://shared"], extensions: network.extensions,
      log: .silent)
    application.extensions.register("memory", for: ConfigCenters.self) { [center] _, _ in center }
    application.configCenter = "memory://rules"
    application.shutdown.notificationWait = .zero
    application.provide(
      ClosureService { _ in
        served.withLock { $0 += 1 }
        throw DubboError(.unavailable, "no")
      }, methods: [greet], as: greeter)
    try await application.run { running in
      func attempts(retries: String) async -> Int {
        let before = served.withLock { $0 }
        let invoker = running.invoker(for: .consumer(["retries": retries, "idempotent": "true"]))
        let error = await failure { _ = try await invoker.invoke(call()) }
        #expect(error?.code == .unavailable)
        return served.withLock { $0 } - before
      }
      #expect(await attempts(retries: "0") == 1)
      #expect(await attempts(retries: "1") == 2)
      #expect(await attempts(retries: "3") == 4)
      try await center.publish(
        "configs: [{ side: consumer, parameters: { retries: 2 } }]", for: ConfigKey("shop.configurators"))
      while await attempts(retries: "0") != 3 {}
      #expect(await attempts(retries: "1") == 3)
      try await center.remove(ConfigKey("shop.configurators"))
      while await attempts(retries: "0") != 1 {}
    }
  }

  @Test func `what a load balance needs is there before the first call of each reference`() async throws {
    var application = DubboApplication(
      name: "shop", protocols: ["inproc://two:0"], registries: ["memory://prepared"], extensions: network.extensions,
      log: .silent)
    let found = Mutex<[Int]>([])
    application.extensions.register("prepared", for: LoadBalances.self) { _ in
      PreparedBalance { count in found.withLock { $0.append(count) } }
    }
    application.shutdown.notificationWait = .zero
    application.provide(ClosureService { _ in Reply("") }, methods: [greet], as: greeter)
    try await application.run { running in
      // They share a directory: the second one finds a list that nobody has prepared for it.
      for parameters: URLParameters in [[:], ["loadbalance": "prepared"], ["greet.loadbalance": "prepared"]] {
        _ = try await running.invoker(for: .consumer(parameters)).invoke(call())
      }
    }
    #expect(found.withLock { $0 } == [1, 1])
  }
}

/// Tells what was made for the list before it has to choose: the number of providers; -1 for nothing.
private struct PreparedBalance: LoadBalance {
  enum Key: RosterCacheKey { typealias Value = Int }
  let found: @Sendable (Int) -> Void

  func prepare(_ roster: Roster) { _ = roster.cached(Key.self) { $0.count } }

  func select(from roster: Roster, for invocation: Invocation, _ context: ChoiceContext) -> Candidate? {
    found(roster.cached(Key.self) { _ in -1 })
    return roster.candidates.first
  }
}
