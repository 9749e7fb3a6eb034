import DubboCore
import DubboRegistry
import Testing

struct SmallRegistriesTests {
  @Test func `a registry in memory tells its subscribers of every change`() async throws {
    let registry = InMemoryRegistry()
    let seen = registry.subscribe(to: greeter)
    #expect(await seen.ports { _ in true } == [])
    try await registry.register(provider(1))
    try await registry.register(provider(1))
    #expect(await seen.ports { !$0.isEmpty } == [1])
    try await registry.register(provider(2, "org.example.Echo"))
    try await registry.unregister(provider(1))
    #expect(await seen.ports { $0.isEmpty } == [])
    #expect(registry.registered == [provider(2, "org.example.Echo")])
  }

  @Test func `a registry in memory tells override URLs apart from providers`() async throws {
    let registry = InMemoryRegistry()
    let providers = registry.subscribe(to: greeter)
    var rules = try #require(registry.configurators(of: greeter)).makeAsyncIterator()
    #expect(await rules.next() == [])
    let rule = try DubboURL("override://0.0.0.0/org.example.Greeter?category=configurators&timeout=5")
    let ruleOfAll = try DubboURL("absent://0.0.0.0/*?timeout=7")
    try await registry.register(rule)
    #expect(await rules.next() == [rule])
    try await registry.register(ruleOfAll)
    #expect(await rules.next() == [ruleOfAll, rule])
    try await registry.register(DubboURL("override://0.0.0.0/org.example.Echo?timeout=5"))
    try await registry.unregister(rule)
    #expect(await rules.next() == [ruleOfAll])
    try await registry.register(provider(1))
    #expect(await providers.ports { !$0.isEmpty } == [1])
    #expect(registry.registered == [provider(1)])
  }

  @Test func `a static registry holds override URLs too`() async throws {
    let rule = try DubboURL("override://0.0.0.0/org.example.Greeter?timeout=5")
    let registry = StaticRegistry([provider(1), rule, try DubboURL("override://0.0.0.0/org.example.Echo?timeout=5")])
    #expect(await registry.subscribe(to: greeter).ports { _ in true } == [1])
    var rules = try #require(registry.configurators(of: greeter)).makeAsyncIterator()
    #expect(await rules.next() == [rule])
    #expect(StaticRegistry([provider(1)]).configurators(of: greeter) == nil)
  }

  @Test func `a late subscriber gets the present state first`() async throws {
    let registry = InMemoryRegistry()
    try await registry.register(provider(1))
    #expect(await registry.subscribe(to: greeter).ports { _ in true } == [1])
  }

  @Test func `a slow subscriber gets the newest snapshot and not the oldest`() async throws {
    let registry = InMemoryRegistry()
    let seen = registry.subscribe(to: greeter)
    for port in 1...100 { try await registry.register(provider(UInt16(port))) }
    #expect(await seen.ports { _ in true }?.count == 100)
  }

  @Test func `a static registry lists what its URL says`() async throws {
    let url = try DubboURL(
      "static://0.0.0.0/?urls=tri%3A%2F%2F10.0.0.1%3A1,tri%3A%2F%2F10.0.0.2%3A2%2Forg.example.Greeter,"
        + "tri%3A%2F%2F10.0.0.3%3A3%2Forg.example.Echo")
    let registry = try StaticRegistry(url: url)
    #expect(await registry.subscribe(to: greeter).ports { _ in true } == [1, 2])
  }

  @Test func `a provider without a service takes the group and version of whoever asks`() async throws {
    let registry = StaticRegistry([DubboURL(scheme: "tri", host: "a", port: 1)])
    let wanted = ServiceKey(interface: "org.example.Greeter", group: "g", version: "1.0.0")
    var iterator = registry.subscribe(to: wanted).makeAsyncIterator()
    let listed = try #require(await iterator.next()?.providers.first)
    #expect(ServiceKey(listed) == wanted)
  }

  @Test(arguments: ["static://0.0.0.0/", "static://0.0.0.0/?urls=nonsense"])
  func `a static registry without sound URLs is refused`(text: String) async throws {
    let url = try DubboURL(text)
    #expect(await failure { _ = try StaticRegistry(url: url) }?.reason == .configuration)
  }

  @Test func `a static subscription stays open until its reader is cancelled`() async throws {
    let registry = StaticRegistry([provider(1)])
    let stream = registry.subscribe(to: greeter)
    await withTaskGroup(of: Int.self) { group in
      let (first, signal) = AsyncStream.makeStream(of: Void.self)
      group.addTask {
        var count = 0
        for await _ in stream {
          count += 1
          signal.yield()
        }
        return count
      }
      for await _ in first { break }
      group.cancelAll()
      #expect(await group.next() == 1)
    }
  }

  @Test func `run lasts until it is cancelled`() async throws {
    for registry in [InMemoryRegistry(), StaticRegistry([provider(1)])] as [any Registry] {
      try await withThrowingTaskGroup { group in
        group.addTask { try await registry.run() }
        group.cancelAll()
        try await group.waitForAll()
      }
    }
  }
}
