import Dubbo
import DubboRegistry
import DubboTesting
import Testing

/// Rules that come from a config center while the application runs.
struct LiveRulesTests {
  private let network = InProcessNetwork()
  private let center = InMemoryConfigCenter()

  private func application(_ name: String) -> DubboApplication {
    var application = DubboApplication(
      name: name, protocols: ["inproc://\(name):0"], registries: ["memory://shared"],
      extensions: network.extensions, log: .silent)
    application.extensions.register("memory", for: ConfigCenters.self) { [center] _, _ in center }
    application.configCenter = "memory://rules"
    application.shutdown.notificationWait = .zero
    return application
  }

  private func provider(_ name: String) -> DubboApplication {
    var provider = application(name)
    provider.provide(ClosureService { _ in Reply(name) }, methods: [greet], as: greeter)
    return provider
  }

  /// Calls until twenty answers in a row come from `names` only, and all of those have answered.
  private func callUntil(_ invoker: any Invoker, onlyAnswer names: Set<String>) async throws {
    var answers: [String] = []
    while Set(answers.suffix(20)) != names || answers.count < 20 {
      answers.append(try await invoker.invoke(call()).text)
    }
  }

  @Test(.timeLimit(.minutes(1))) func `case 42: a rule applies when it is published and ends when it is removed`()
    async throws
  {
    try await provider("one").run { _ in
      try await provider("two").run { _ in
        try await application("caller").run { caller in
          let invoker = caller.invoker(for: .consumer(["application": "caller"]))
          try await callUntil(invoker, onlyAnswer: ["one", "two"])
          let key = ConfigKey("\(greeter.colonText).condition-router")
          try await center.publish(
            "configVersion: v3.0\nscope: service\nforce: true\nkey: \(greeter.interface)\nconditions:\n"
              + "  - 'method=greet => host=two'\n", for: key)
          try await callUntil(invoker, onlyAnswer: ["two"])
          try await center.publish("conditions: [ 'method=greet => host=", for: key)
          try await callUntil(invoker, onlyAnswer: ["two"])
          try await center.remove(key)
          try await callUntil(invoker, onlyAnswer: ["one", "two"])
        }
      }
    }
  }

  @Test(arguments: ["org.example.Greeter::.condition-router", "one.condition-router"])
  func `rules that are there before the first call hold for it`(name: String) async throws {
    try await center.publish(
      "scope: \(name.hasPrefix("org") ? "service" : "application")\nforce: true\nkey: \(name.hasPrefix("org") ? greeter.interface : "one")\n"
        + "conditions: ['=> host=nowhere']", for: ConfigKey(name))
    try await provider("one").run { _ in
      try await application("caller").run { caller in
        let error = await failure { _ = try await caller.invoker(for: .consumer()).invoke(call()) }
        #expect(
          error?.message.contains("routing rules leave none") == true,
          "\(error.map(String.init(describing:)) ?? "served")")
      }
    }
  }

  @Test(.timeLimit(.minutes(1))) func `mesh rules of the provider's application apply while they are there`()
    async throws
  {
    try await provider("one").run { _ in
      try await provider("two").run { _ in
        try await application("caller").run { caller in
          let invoker = caller.invoker(for: .consumer(["application": "caller"]))
          try await callUntil(invoker, onlyAnswer: ["one", "two"])
          try await center.publish(
            "kind: DestinationRule\nspec: { subsets: [ { name: s, labels: { host: two } } ] }\n---\n"
              + "kind: VirtualService\nspec: { dubbo: [ { routedetail: [ { route: [ { destination: { subset: s } } ] } ] } ] }",
            for: ConfigKey("two.MESHAPPRULE"))
          try await callUntil(invoker, onlyAnswer: ["two"])
          try await center.publish("kind: VirtualService\nspec: {", for: ConfigKey("two.MESHAPPRULE"))
          try await callUntil(invoker, onlyAnswer: ["two"])
          try await center.remove(ConfigKey("two.MESHAPPRULE"))
          try await callUntil(invoker, onlyAnswer: ["one", "two"])
        }
      }
    }
  }

  @Test(.timeLimit(.minutes(1))) func `a rule of the provider's application is found by the provider's name`()
    async throws
  {
    try await center.publish(
      "configVersion: v3.0\nscope: application\nforce: true\nkey: one\nconditions: [ '=> host=two' ]\n",
      for: ConfigKey("one.condition-router"))
    try await provider("one").run { _ in
      try await provider("two").run { _ in
        try await application("caller").run { caller in
          let invoker = caller.invoker(for: .consumer(["application": "caller"]))
          try await callUntil(invoker, onlyAnswer: ["two"])
        }
      }
    }
  }
}
