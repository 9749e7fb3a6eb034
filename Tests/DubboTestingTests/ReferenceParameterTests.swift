import DubboCluster
import DubboRegistry
import DubboTesting
import Synchronization
import Testing

@testable import Dubbo

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

  @Test func `override rules change timeout, strategy and load balance of calls, and give them back`() async throws {
    var application = DubboApplication(
      name: "shop", protocols: ["inproc://three:0"], registries: ["memory://overridden"],
      extensions: network.extensions, log: .silent)
    application.extensions.register("memory", for: ConfigCenters.self) { [center] _, _ in center }
    application.extensions.register("mine", for: LoadBalances.self) { _ in FirstWith("mine") }
    application.extensions.register("given", for: LoadBalances.self) { _ in FirstWith("given") }
    application.extensions.register("deaf", for: Clusters.self) { _ in ClosureService { _ in Reply("deaf") } }
    application.configCenter = "memory://rules"
    application.shutdown.notificationWait = .zero
    application.provide(
      ClosureService { invocation in
        Reply("\(invocation.metadata["chosen-by"] ?? "") ")
      }, methods: [greet], as: greeter)
    try await application.run { running in
      let parameters: URLParameters = ["loadbalance": "given", "timeout": "2000"]
      let reference = running.invoker(
        for: .consumer(parameters), from: ProviderSource(registries: application.registries))
      func said() async throws -> String { try await reference.invoke(call()).text }
      func publish(_ parameters: String) async throws {
        try await center.publish(
          "configs: [{ side: consumer, parameters: \(parameters) }]",
          for: ConfigKey("org.example.Greeter::.configurators"))
      }
      let before = try await said()
      #expect(before == "given " && reference.timeout(of: greet) == .seconds(2))
      try await publish("{ timeout: 70, greet.loadbalance: mine }")
      while try await said() != "mine " {}
      #expect(reference.timeout(of: greet) == .milliseconds(70))
      try await publish("{ cluster: deaf }")
      while try await said() != "deaf" {}
      // What is not there is not followed.
      try await publish("{ cluster: nowhere }")
      while try await said() != "given " {}
      try await publish("{ loadbalance: mine }")
      while try await said() != "mine " {}
      try await center.remove(ConfigKey("org.example.Greeter::.configurators"))
      while try await said() != "given " {}
      #expect(reference.timeout(of: greet) == .seconds(2))
    }
  }

  @Test func `what a consumer does not say of its calls the provider says`() async throws {
    var application = DubboApplication(
      name: "shop", protocols: ["inproc://four:0"], registries: ["memory://said"], extensions: network.extensions,
      log: .silent)
    application.extensions.register("mine", for: LoadBalances.self) { _ in FirstWith("mine") }
    application.shutdown.notificationWait = .zero
    application.provide(
      ClosureService { Reply($0.metadata["chosen-by"] ?? "") }, methods: [greet], as: greeter,
      parameters: ["timeout": "70", "other.timeout": "80", "loadbalance": "mine"])
    try await application.run { running in
      func reference(_ parameters: URLParameters) async throws -> (LazyReference, String) {
        let reference = running.invoker(
          for: .consumer(parameters), from: ProviderSource(registries: application.registries))
        // The first call does not know the providers before it has to choose.
        _ = try await reference.invoke(call())
        return (reference, try await reference.invoke(call()).text)
      }
      let (silent, chosenBy) = try await reference([:])
      #expect(chosenBy == "mine" && silent.timeout(of: greet) == .milliseconds(70))
      #expect(
        silent.timeout(of: MethodDescriptor(service: greeter.interface, name: "other", kind: .unary))
          == .milliseconds(80))
      let (outspoken, chosenByItself) = try await reference(["timeout": "500", "loadbalance": "random"])
      #expect(chosenByItself == "" && outspoken.timeout(of: greet) == .milliseconds(500))
    }
  }

  @Test func `a load balance of the providers that is not known here is told once, and the reference's own stays`()
    async throws
  {
    let warnings = Mutex(0)
    var application = DubboApplication(
      name: "shop", protocols: ["inproc://eight:0"], registries: ["memory://unknown"], extensions: network.extensions,
      log: Log(label: "shop", handler: CountedWarnings { warnings.withLock { $0 += 1 } }))
    application.shutdown.notificationWait = .zero
    application.provide(
      ClosureService { _ in Reply("served") }, methods: [greet], as: greeter, parameters: ["loadbalance": "theirs"])
    try await application.run { running in
      let invoker = running.invoker(for: .consumer())
      for weight in 1...5 {
        let text = try await invoker.invoke(call()).text
        #expect(text == "served")
        // Another list, and so another look at what providers say.
        var other = try #require(running.exported.first)
        other["weight"] = "\(weight)"
        try await running.registries.all().first?.register(other)
      }
    }
    #expect(warnings.withLock { $0 } == 1)
  }

  @Test func `rules see the host of the consumer`() async throws {
    var application = DubboApplication(
      name: "shop", protocols: ["inproc://five:0"], registries: ["memory://hosts"], extensions: network.extensions,
      log: .silent)
    application.advertisedHost = "10.9.8.7"
    application.shutdown.notificationWait = .zero
    application.rules = try RuleSet(reading: [
      "org.example.Greeter::.condition-router":
        "scope: service\nforce: true\nkey: org.example.Greeter\nconditions: ['host=10.9.8.* => host=nowhere']"
    ])
    application.provide(ClosureService { _ in Reply("") }, methods: [greet], as: greeter)
    try await application.run { running in
      let provider = try #require(running.exported.first)
      let error = await failure { _ = try await running.invoker(for: .consumer(), at: provider).invoke(call()) }
      #expect(error?.reason == .noProvider && error?.message.contains("routing rules") == true)
      var elsewhere = DubboURL.consumer()
      elsewhere.host = "10.9.9.1"
      _ = try await running.invoker(for: elsewhere, at: provider).invoke(call())
    }
  }

  @Test func `the groups that an application has on one port are merged`() async throws {
    var application = DubboApplication(
      name: "shop", protocols: ["inproc://six:0"], registries: ["memory://groups"], extensions: network.extensions,
      log: .silent)
    application.shutdown.notificationWait = .zero
    for group in ["a", "b", "c"] {
      application.provide(
        ClosureService { _ in Reply(group) }, methods: [greet],
        as: ServiceKey(interface: greeter.interface, group: group))
    }
    try await application.run { running in
      func merged(_ group: String) async throws -> String {
        let consumer = DubboURL.consumer(["group": group, "cluster": "mergeable", "merger": "protobuf"])
        return String(try await running.invoker(for: consumer).invoke(call()).text.sorted())
      }
      let (all, two) = (try await merged("*"), try await merged("a,c"))
      #expect(all == "abc" && two == "ac")
    }
  }

  @Test func `the address of a provider that nobody here can call is not waited for`() async throws {
    let application = DubboApplication(name: "shop", extensions: network.extensions, log: .silent)
    try await application.run { running in
      let invoker = running.invoker(for: .consumer(), at: try DubboURL("dubbo://10.0.0.1:20880"))
      let error = await failure { _ = try await invoker.invoke(call(deadline: nil)) }
      #expect(error?.reason == .configuration && error?.message.contains("no protocol is called \"dubbo\"") == true)
    }
  }

  @Test func `of several addresses those that can be called are`() async throws {
    var application = DubboApplication(
      name: "shop", protocols: ["inproc://seven:0"], extensions: network.extensions, log: .silent)
    application.provide(ClosureService { _ in Reply("here") }, methods: [greet], as: greeter)
    try await application.run { running in
      let addresses = [try DubboURL("dubbo://10.0.0.1:20880"), try #require(running.exported.first)]
      let text = try await running.invoker(for: .consumer(), from: ProviderSource(providers: addresses)).invoke(call())
        .text
      #expect(text == "here")
    }
  }

  @Test func `a reference that is not lazy looks for providers before its first call`() async throws {
    let asked = AsyncStream.makeStream(of: ServiceKey.self)
    var application = DubboApplication(
      name: "shop", registries: ["asked://here"], extensions: network.extensions, log: .silent)
    application.extensions.register("asked", for: Registries.self) { url, _ in
      AskedRegistry(url: url) { asked.continuation.yield($0) }
    }
    try await application.run { running in
      _ = running.reference(to: "org.example.Lazy")
      _ = running.reference(to: "org.example.Eager", parameters: ["lazy": "false"])
      var questions = asked.stream.makeAsyncIterator()
      let first = await questions.next()
      #expect(first?.interface == "org.example.Eager")
    }
  }

  @Test func `a reference that is not lazy is connected before its first call, and one that cannot be fails nothing`()
    async throws
  {
    var application = DubboApplication(
      name: "shop", protocols: ["tri://127.0.0.1:0"], registries: ["memory://eager"], extensions: network.extensions,
      log: .silent)
    application.shutdown.notificationWait = .zero
    application.provide(ClosureService { _ in Reply("served") }, methods: [greet], as: greeter)
    try await application.run { running in
      _ = running.invoker(for: .consumer(["lazy": "false"]), at: try DubboURL("tri://127.0.0.1:1"))
      _ = running.invoker(for: .consumer(["lazy": "false"]))
      // Both of its ends are in this process.
      while await running.metrics().openConnections < 2 { await Task.yield() }
      // One that is lazy shares the connection.
      let text = try await running.invoker(for: .consumer()).invoke(call()).text
      let metrics = await running.metrics()
      #expect(text == "served" && metrics.openConnections == 2)
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

private struct CountedWarnings: LogHandler {
  let warned: @Sendable () -> Void
  var minimumLevel: LogLevel { .warning }

  func handle(_ event: LogEvent) { warned() }
}

/// Tells for which services it is asked, and knows none.
private struct AskedRegistry: Registry {
  let url: DubboURL
  let asked: @Sendable (ServiceKey) -> Void

  func register(_ provider: DubboURL) async throws {}
  func unregister(_ provider: DubboURL) async throws {}
  func run() async throws {}

  func subscribe(to service: ServiceKey) -> AsyncStream<RegistrySnapshot> {
    asked(service)
    return AsyncStream { _ in }
  }
}

/// Chooses the first provider, and says so in the call.
private struct FirstWith: LoadBalance {
  let name: String

  init(_ name: String) { self.name = name }

  func prepare(_ invocation: inout Invocation) { invocation.metadata.add(name, for: "chosen-by") }

  func select(from roster: Roster, for invocation: Invocation, _ context: ChoiceContext) -> Candidate? {
    roster.candidates.first
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
