import Dubbo
import DubboCluster
import DubboRegistry
import DubboTesting
import Testing

/// Routing rules of a configuration file and of code, and routers by name.
struct StandingRulesTests {
  private let network = InProcessNetwork()

  private func providers(_ body: () async throws -> Void) async throws {
    func provider(_ name: String, _ parameters: URLParameters) -> DubboApplication {
      var provider = DubboApplication(
        name: name, protocols: ["inproc://\(name):0"], registries: ["memory://shared"],
        extensions: network.extensions, log: .silent)
      provider.shutdown.notificationWait = .zero
      provider.provide(ClosureService { _ in Reply(name) }, methods: [greet], as: greeter, parameters: parameters)
      return provider
    }
    try await provider("one", ["env": "blue"]).run { _ in
      try await provider("two", ["env": "gray"]).run { _ in try await body() }
    }
  }

  private func caller(_ routers: String = "", _ extensions: ExtensionCatalog? = nil) throws -> DubboApplication {
    let text = """
      dubbo:
        application: { name: caller }
        registries: { shared: { address: 'memory://shared' } }
        consumer: { timeout: 30s, references: { Greeter: { interface: \(greeter.interface) } } }
        routers: { \(routers) }
      """
    return try DubboApplication(
      configuration: DubboConfiguration(yaml: text), extensions: extensions ?? network.extensions, log: .silent)
  }

  /// Who answered a hundred calls.
  private func answers(_ caller: RunningApplication, tag: String? = nil) async throws -> Set<String> {
    let invoker = caller.invoker(for: .consumer(["application": "caller"]))
    var names: Set<String> = []
    for _ in 0..<100 {
      var call = call()
      if let tag { call.metadata.add(tag, for: "dubbo.tag") }
      names.insert(try await invoker.invoke(call).text)
    }
    return names
  }

  @Test func `conditions of a configuration file choose the providers`() async throws {
    try await providers {
      let free = try await caller().run { try await answers($0) }
      #expect(free == ["one", "two"])
      let rule =
        "conditions: [ { scope: service, force: true, key: \(greeter.interface), conditions: [ 'method=greet => host=two' ] } ]"
      let ruled = try await caller(rule).run { try await answers($0) }
      #expect(ruled == ["two"])
    }
  }

  @Test(arguments: ["gray", "{ exact: gray }"])
  func `tags of a configuration file choose the providers`(value: String) async throws {
    try await providers {
      let rule = "tags: { force: true, key: one, tags: [ { name: canary, match: [ { key: env, value: \(value) } ] } ] }"
      let caller = try caller(rule)
      let tagged = try await caller.run { try await answers($0, tag: "canary") }
      #expect(tagged == ["two"])
      let untagged = try await caller.run { try await answers($0) }
      #expect(untagged == ["one"])
    }
  }

  @Test func `mesh rules of a configuration file choose the providers`() async throws {
    try await providers {
      // Each of the two applications has its own.
      func mesh(_ env: String) -> String {
        "[ { kind: DestinationRule, spec: { subsets: [ { name: s, labels: { env: \(env) } } ] } }, "
          + "{ kind: VirtualService, spec: { dubbo: [ { routedetail: [ { route: [ { destination: { subset: s } } ] } ] } ] } } ]"
      }
      let one = try await caller("mesh: { one: \(mesh("blue")), two: \(mesh("blue")) }").run { try await answers($0) }
      #expect(one == ["one"])
      let both = try await caller("mesh: { one: \(mesh("blue")), two: \(mesh("gray")) }").run { try await answers($0) }
      #expect(both == ["one", "two"])
    }
  }

  @Test func `a rule that is wrong is refused with its line and a caret`() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try caller("conditions: [ { key: a.B, conditions: [ 'method=greet => host' ] } ]")
    }
    let text = error.description
    #expect(text.contains("application.yaml:5:"))
    #expect(text.contains("^"))
  }

  @Test func `rules by code work beside those of the file`() async throws {
    try await providers {
      var caller = try caller(
        "conditions: [ { scope: service, force: false, key: \(greeter.interface), conditions: [ '=> env=blue,gray' ] } ]"
      )
      caller.rules = try RuleSet(reading: [
        "\(greeter.colonText).condition-router": "force: true\nkey: \(greeter.interface)\nconditions: [ '=> env=gray' ]"
      ])
      let names = try await caller.run { try await answers($0) }
      #expect(names == ["two"])
    }
  }

  @Test(.timeLimit(.minutes(1))) func `rules of a config center join those of the file and do not replace them`()
    async throws
  {
    let center = InMemoryConfigCenter()
    var extensions = network.extensions
    extensions.register("memory", for: ConfigCenters.self) { _, _ in center }
    try await providers {
      var caller = try caller(
        "conditions: [ { scope: application, force: true, key: caller, conditions: [ '=> env=gray' ] } ]", extensions)
      caller.configCenter = "memory://rules"
      try await caller.run { caller in
        let file = try await answers(caller)
        #expect(file == ["two"])
        // Together they leave nobody: that shows that both hold.
        try await center.publish(
          "scope: service\nforce: true\nkey: \(greeter.interface)\nconditions: [ '=> env=blue' ]",
          for: ConfigKey("\(greeter.colonText).condition-router"))
        let invoker = caller.invoker(for: .consumer(["application": "caller"]))
        while await failure({ _ = try await invoker.invoke(call()) })?.reason != .noProvider {}
        try await center.remove(ConfigKey("\(greeter.colonText).condition-router"))
        while await failure({ _ = try await invoker.invoke(call()) }) != nil {}
        let after = try await answers(caller)
        #expect(after == ["two"])
      }
    }
  }

  @Test func `a router of one's own is asked for the references that name it, or for all`() async throws {
    struct OnlyTwo: Router {
      let name = "only-two"
      func route(_ candidates: [Candidate], for invocation: Invocation, consumer: DubboURL) -> [Candidate] {
        candidates.filter { $0.url.host == "two" }
      }
    }
    try await providers {
      var caller = try caller()
      caller.extensions.register("only-two", for: Routers.self) { _ in OnlyTwo() }
      let named = try await caller.run { running in
        let invoker = running.invoker(for: .consumer(["router": "only-two"]))
        var names: Set<String> = []
        for _ in 0..<50 { names.insert(try await invoker.invoke(call()).text) }
        return names
      }
      #expect(named == ["two"])
      let other = try await caller.run { try await answers($0) }
      #expect(other == ["one", "two"])
      caller.rules.routers = [OnlyTwo()]
      let all = try await caller.run { try await answers($0) }
      #expect(all == ["two"])
    }
  }
}
