import Dubbo
import DubboRegistry
import DubboTesting
import TestDoubles
import Testing

/// Override rules at the provider: what registries are told of it, and what its filters do.
@Suite(.timeLimit(.minutes(1))) struct ProviderOverrideTests {
  private let network = InProcessNetwork()
  private let center = InMemoryConfigCenter()
  private let registry = InMemoryRegistry()

  private func application(
    hasCenter: Bool = true, clock: any DubboClock = SystemClock(), _ parameters: URLParameters = [:],
    _ body: @escaping @Sendable (Invocation) async throws -> Reply = { Reply($0.text) }
  ) -> DubboApplication {
    var application = DubboApplication(
      name: "shop", protocols: ["inproc://one:0"], registries: ["memory://shared"], extensions: network.extensions,
      log: .silent, clock: clock)
    application.extensions.register("memory", for: ConfigCenters.self) { [center] _, _ in center }
    application.extensions.register("memory", for: Registries.self) { [registry] _, _ in registry }
    if hasCenter { application.configCenter = "memory://rules" }
    application.shutdown.notificationWait = .zero
    var all: URLParameters = ["weight": "50"]
    for parameter in parameters { all[parameter.name] = parameter.value }
    application.provide(ClosureService(body), methods: [greet], as: greeter, parameters: all)
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

  @Test(arguments: [false, true])
  func `an override URL in a registry changes what that registry is told`(hasCenter: Bool) async throws {
    try await application(hasCenter: hasCenter).run { _ in
      await untilRegistered { $0["weight"] == "50" }
      let rule = try DubboURL("override://0.0.0.0/org.example.Greeter?category=configurators&weight=7&mark=old")
      try await registry.register(rule)
      await untilRegistered { $0["weight"] == "7" && $0["mark"] == "old" }
      if hasCenter {
        try await publish("{ weight: 9 }", scope: "application", key: "shop", name: "shop")
        await untilRegistered { $0["weight"] == "9" && $0["mark"] == "old" }
        try await center.remove(ConfigKey("shop.configurators"))
      }
      try await registry.unregister(rule)
      await untilRegistered { $0["weight"] == "50" && $0["mark"] == nil }
    }
  }

  @Test(arguments: ["inproc://one:0", "tri://127.0.0.1:0"])
  func `filters that a rule has replaced are let go of`(address: String) async throws {
    let (gone, going) = AsyncStream.makeStream(of: String.self)
    var application = application(["service.filter": "mortal"])
    application.protocols = [address]
    application.extensions.register("mortal", for: Filters.self) { context in
      MortalFilter(named: context.url["weight"] ?? "") { going.yield($0) }
    }
    try await application.run { _ in
      var names = gone.makeAsyncIterator()
      for weight in ["50", "51", "52"] {
        await untilRegistered { $0["weight"] == weight }
        try await publish("{ weight: \((Int(weight) ?? 0) + 1) }", scope: "application", key: "shop", name: "shop")
        let name = await names.next()
        #expect(name == weight)
      }
    }
  }

  @Test func `calls that are counted against executes are counted through a change of the service`() async throws {
    let (entered, enter) = AsyncStream.makeStream(of: Void.self)
    let (leave, mayLeave) = AsyncStream.makeStream(of: Void.self)
    let application = application(["executes": "2"]) { _ in
      enter.yield()
      for await _ in leave { break }
      return Reply("done")
    }
    try await application.run { running in
      let direct = running.invoker(
        for: .consumer(["retries": "0"]), at: DubboURL(scheme: "inproc", host: "one", port: running.port))
      try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<2 { group.addTask { try await direct.invoke(call()).text } }
        var count = 0
        for await _ in entered {
          count += 1
          if count == 2 { break }
        }
        // The first change says nothing of executes, the second allows one more.
        try await publish("{ weight: 7 }", scope: "application", key: "shop", name: "shop")
        await untilRegistered { $0["weight"] == "7" }
        let refused = await failure { _ = try await direct.invoke(call()) }
        #expect(refused?.code == .resourceExhausted)
        try await publish("{ executes: 3 }", scope: "application", key: "shop", name: "shop")
        await untilRegistered { $0["executes"] == "3" }
        group.addTask { try await direct.invoke(call()).text }
        for await _ in entered { break }
        let next = await failure { _ = try await direct.invoke(call()) }
        #expect(next?.code == .resourceExhausted)
        mayLeave.finish()
        for try await text in group { #expect(text == "done") }
      }
      let after = try await direct.invoke(call()).text
      #expect(after == "done")
    }
  }

  @Test func `calls that are counted against tps are counted through a change of the service`() async throws {
    let application = application(clock: VirtualClock(), ["tps": "3"])
    try await application.run { running in
      let direct = running.invoker(
        for: .consumer(["retries": "0"]), at: DubboURL(scheme: "inproc", host: "one", port: running.port))
      for _ in 0..<2 { _ = try await direct.invoke(call(deadline: nil)) }
      try await publish("{ weight: 7 }", scope: "application", key: "shop", name: "shop")
      await untilRegistered { $0["weight"] == "7" }
      _ = try await direct.invoke(call(deadline: nil))
      let refused = await failure { _ = try await direct.invoke(call(deadline: nil)) }
      #expect(refused?.code == .resourceExhausted)
      try await publish("{ tps: 4 }", scope: "application", key: "shop", name: "shop")
      await untilRegistered { $0["tps"] == "4" }
      _ = try await direct.invoke(call(deadline: nil))
      let next = await failure { _ = try await direct.invoke(call(deadline: nil)) }
      #expect(next?.code == .resourceExhausted)
    }
  }

  @Test func `a rule does not change what a service's messages are said to be written in`() async throws {
    try await application().run { _ in
      try await publish(
        "{ weight: 7, serialization: json, prefer.serialization: json }", scope: "application", key: "shop",
        name: "shop")
      await untilRegistered { $0["weight"] == "7" }
      #expect(registry.registered.map(\.serialization) == [nil])
      #expect(registry.registered.map { $0["prefer.serialization"] } == [nil])
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

/// Says that it is gone.
private final class MortalFilter: BracketFilter {
  private let name: String
  private let gone: @Sendable (String) -> Void

  init(named name: String, gone: @escaping @Sendable (String) -> Void) {
    self.name = name
    self.gone = gone
  }

  deinit { gone(name) }
}
