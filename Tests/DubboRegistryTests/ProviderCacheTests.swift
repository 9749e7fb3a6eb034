import DubboCluster
import DubboCore
import Testing

@testable import DubboRegistry

/// A registry that says what it is told to say.
private final class ScriptedRegistry: Registry {
  let url: DubboURL
  private let feed = SnapshotFeed()
  private let script: RegistrySnapshot

  init(url: DubboURL, _ script: RegistrySnapshot) {
    self.url = url
    self.script = script
  }

  func register(_ provider: DubboURL) async throws {}
  func unregister(_ provider: DubboURL) async throws {}
  func run() async throws {}

  func subscribe(to service: ServiceKey) -> AsyncStream<RegistrySnapshot> {
    let stream = feed.subscribe(to: service)
    feed.publish(script.providers, for: service.interface, trouble: script.trouble)
    return stream
  }
}

struct ProviderCacheTests {
  private let folder = TemporaryFolder()

  private func registryURL(_ parameters: URLParameters = [:]) -> DubboURL {
    var url = DubboURL(scheme: "zookeeper", host: "10.0.0.1", port: 2_181, parameters: parameters)
    url[CacheFolderKey.self] = folder.path
    return url
  }

  private func cache() throws -> ProviderCache {
    try #require(ProviderCache(registry: registryURL(), service: greeter))
  }

  @Test func `what was stored is loaded`() throws {
    let providers = [provider(1), provider(2, greeter.interface, ["note": "a b\nc", "version": "1.0.0"])]
    try cache().store(providers)
    #expect(try cache().load() == providers)
    try cache().store([provider(3)])
    #expect(try cache().load() == [provider(3)])
  }

  @Test func `services and registries do not mix`() throws {
    try cache().store([provider(1)])
    let other = ServiceKey(interface: greeter.interface, version: "2.0.0")
    #expect(ProviderCache(registry: registryURL(), service: other)?.load() == [])
  }

  @Test(arguments: ["", "garbage\n", "dubbo-providers 1\ntri://a:1/s", "dubbo-providers 1\nnonsense\n"])
  func `a damaged cache is none`(text: String) throws {
    try cache().store([provider(1)])
    try folder.write(text, to: try #require(folder.files.first))
    #expect(try cache().load() == [])
  }

  @Test func `registries of this machine keep none, and others may say so`() throws {
    #expect(ProviderCache(registry: try DubboURL("file:///tmp/x"), service: greeter) == nil)
    #expect(ProviderCache(registry: registryURL(["file-cache": "false"]), service: greeter) == nil)
  }

  @Test func `case 31: a directory whose registry is down starts with the list of the last time`() async throws {
    let good = ScriptedRegistry(url: registryURL(), RegistrySnapshot(version: 1, providers: [provider(1)]))
    try await ports(of: good, are: [1])
    let down = ScriptedRegistry(url: registryURL(), RegistrySnapshot(version: 1, providers: [], trouble: "refused"))
    try await ports(of: down, are: [1])
  }

  private func ports(of registry: any Registry, are ports: [UInt16]) async throws {
    let consumer = DubboURL(scheme: "consumer", host: "", path: greeter.interface)
    let directory = RegistryDirectory(
      consumer: consumer, registries: [registry], protocols: ["tri"], log: .silent
    ) { InProcessEndpoint(url: $0, service: Nobody()) }
    try await withThrowingTaskGroup { group in
      group.addTask { await directory.run() }
      let method = MethodDescriptor(service: greeter.interface, name: "greet", kind: .unary)
      let roster = try await directory.list(
        Invocation(method: method, body: .message([]), deadline: .now.advanced(by: .seconds(10))))
      #expect(roster.candidates.compactMap(\.url.port) == ports)
      group.cancelAll()
      try await group.waitForAll()
    }
  }
}

private struct Nobody: Invoker {
  func invoke(_ invocation: Invocation) async throws -> Reply { Reply() }
}
