import Dubbo
import DubboCluster
import DubboRegistry
import DubboTesting
import Testing

/// `cluster=zone-aware` over the registries of an application.
struct ZoneAwareTests {
  private let network = InProcessNetwork()
  private let east = InMemoryRegistry()
  private let west = InMemoryRegistry()

  private func application(_ name: String, _ registries: [String]) -> DubboApplication {
    var application = DubboApplication(
      name: name, protocols: ["inproc://\(name):0"], registries: registries, extensions: network.extensions,
      log: .silent)
    for (name, registry) in [("east", east), ("west", west)] {
      application.extensions.register(name, for: Registries.self) { _, _ in registry }
    }
    application.shutdown.notificationWait = .zero
    return application
  }

  private func answers(
    _ registries: [String], zone: String? = nil, _ name: String = "zone-aware"
  ) async throws -> Set<String> {
    func provider(_ name: String) -> DubboApplication {
      var provider = application(name, ["\(name)://r"])
      provider.provide(ClosureService { _ in Reply(name) }, methods: [greet], as: greeter)
      return provider
    }
    return try await provider("east").run { _ in
      try await provider("west").run { _ in
        try await application("caller", registries).run { caller in
          let invoker = caller.invoker(for: .consumer(["cluster": name]))
          var names: Set<String> = []
          for _ in 0..<60 {
            var call = call()
            if let zone { call.metadata.add(zone, for: ZoneAwareCluster.zoneName) }
            names.insert(try await invoker.invoke(call).text)
          }
          return names
        }
      }
    }
  }

  @Test(arguments: ["zone-aware", "zoneAware"])
  func `the preferred registry's providers are called`(name: String) async throws {
    let names = try await answers(["east://r", "west://r?preferred=true"], name)
    // Until the second registry has told who is there the first one serves.
    #expect(names.contains("west"))
  }

  @Test func `calls stay in the zone that they ask for, as the application writes it on the registries' URLs`()
    async throws
  {
    let names = try await answers(["east://r?zone=hz", "west://r?zone=bj"], zone: "hz")
    #expect(names == ["east"])
  }

  @Test func `registries share calls by their weights`() async throws {
    let both = try await answers(["east://r?weight=100", "west://r?weight=100"])
    #expect(both == ["east", "west"])
  }

  @Test(arguments: ["zone-aware", "failover"])
  func `one registry needs no zone`(name: String) async throws {
    let names = try await answers(["east://r"], name)
    #expect(names == ["east"])
  }
}
