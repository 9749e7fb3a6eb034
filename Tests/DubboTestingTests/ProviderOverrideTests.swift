import Dubbo
import DubboRegistry
import DubboTesting
import Testing

/// Override rules at the provider: what registries are told of it, and what its filters do.
@Suite(.timeLimit(.minutes(1))) struct ProviderOverrideTests {
  private let network = InProcessNetwork()
  private let center = InMemoryConfigCenter()
  private let registry = InMemoryRegistry()

  private func application() -> DubboApplication {
    var application = DubboApplication(
      name: "shop", protocols: ["inproc://one:0"], registries: ["memory://shared"], extensions: network.extensions,
      log: .silent)
    application.extensions.register("memory", for: ConfigCenters.self) { [center] _, _ in center }
    application.extensions.register("memory", for: Registries.self) { [registry] _, _ in registry }
    application.configCenter = "memory://rules"
    application.shutdown.notificationWait = .zero
    application.provide(ClosureService { Reply($0.text) }, methods: [greet], as: greeter, parameters: ["weight": "50"])
    return application
  }

  /// Waits until exactly one provider is registered and `condition` holds for it.
  private func untilRegistered(_ condition: (DubboURL) -> Bool) async {
    for await snapshot in registry.subscribe(to: greeter) {
      if snapshot.providers.count == 1, snapshot.providers.allSatisfy(condition) { return }
    }
  }

  private func publish(_ parameters: String, scope: String, key: String, name: String) async throws {
    try await center.publish(
      "configVersion: v3.0\nscope: \(scope)\nkey: \(key)\nconfigs:\n  - side: provider\n    parameters: \(parameters)\n",
      for: ConfigKey("\(name).configurators"))
  }

  @Test func `a rule of the service or of the application changes what registries are told`() async throws {
    try await application().run { _ in
      await untilRegistered { $0["weight"] == "50" }
      try await publish("{ weight: 7 }", scope: "application", key: "shop", name: "shop")
      await untilRegistered { $0["weight"] == "7" }
      try await publish("{ weight: 9 }", scope: "service", key: greeter.interface, name: greeter.colonText)
      await untilRegistered { $0["weight"] == "9" }
      try await center.remove(ConfigKey("\(greeter.colonText).configurators"))
      try await center.remove(ConfigKey("shop.configurators"))
      await untilRegistered { $0["weight"] == "50" }
    }
    #expect(registry.registered.isEmpty)
  }

  @Test func `a rule changes the filters of a service that runs`() async throws {
    try await application().run { running in
      let direct = running.invoker(for: .consumer(), at: DubboURL(scheme: "inproc", host: "one", port: running.port))
      let before = try await direct.invoke(call("x")).text
      #expect(before == "x")
      try await publish("{ token: secret }", scope: "service", key: greeter.interface, name: greeter.colonText)
      await untilRegistered { $0["token"] == "secret" }
      let refused = await failure { _ = try await direct.invoke(call()) }
      #expect(refused?.code == .permissionDenied)
      let found = try await running.invoker(for: .consumer()).invoke(call("y")).text
      #expect(found == "y")
    }
  }

  @Test func `a rule about consumers, or another provider, changes nothing`() async throws {
    try await application().run { running in
      try await center.publish(
        "scope: service\nkey: \(greeter.interface)\nconfigs:\n"
          + "  - { side: consumer, parameters: { weight: 1 } }\n"
          + "  - { side: provider, addresses: [ '10.9.9.9' ], parameters: { weight: 2 } }\n"
          + "  - { side: provider, parameters: { mark: here } }\n",
        for: ConfigKey("\(greeter.colonText).configurators"))
      await untilRegistered { $0["mark"] == "here" }
      #expect(registry.registered.first?["weight"] == "50")
    }
  }
}
