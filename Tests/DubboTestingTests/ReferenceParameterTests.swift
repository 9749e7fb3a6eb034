import Dubbo
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
}
