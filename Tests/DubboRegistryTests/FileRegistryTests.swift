import DubboCore
import TestDoubles
import Testing

@testable import DubboRegistry

/// Two registries on one folder stand for two processes.
struct FileRegistryTests {
  private let folder = TemporaryFolder()

  private func registry(_ parameters: String = "", clock: any DubboClock = SystemClock()) throws -> FileRegistry {
    let context = RegistryContext(clock: clock, log: .silent)
    return try FileRegistry(url: DubboURL("file://\(folder.path)?poll=5&heartbeat=20\(parameters)"), context: context)
  }

  /// Runs both registries while `body` runs.
  private func running(
    _ registries: [FileRegistry], _ body: @Sendable () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup { group in
      for registry in registries { group.addTask { try await registry.run() } }
      try await body()
      group.cancelAll()
      try await group.waitForAll()
    }
  }

  @Test func `a consumer sees providers come and go`() async throws {
    let (provider1, consumer) = (try registry(), try registry())
    try await running([provider1, consumer]) {
      let seen = consumer.subscribe(to: greeter)
      #expect(await seen.ports { $0.isEmpty } == [])
      try await provider1.register(provider(1))
      #expect(await seen.ports { $0 == [1] } == [1])
      try await provider1.register(provider(2))
      #expect(await seen.ports { $0.count == 2 } == [1, 2])
      try await provider1.unregister(provider(1))
      #expect(await seen.ports { $0.count == 1 } == [2])
    }
  }

  @Test func `a provider of another interface does not show`() async throws {
    let registry = try registry()
    try await running([registry]) {
      try await registry.register(provider(1, "org.example.Echo"))
      try await registry.register(provider(2))
      #expect(await registry.subscribe(to: greeter).ports { _ in true } == [2])
    }
  }

  @Test func `an override URL is a rule for whoever calls or provides the service, and no provider`() async throws {
    let (writer, reader) = (try registry(), try registry())
    try await running([writer, reader]) {
      let seen = reader.subscribe(to: greeter)
      var rules = try #require(reader.configurators(of: greeter)).makeAsyncIterator()
      let rule = try DubboURL("override://0.0.0.0/org.example.Greeter?category=configurators&timeout=5")
      let ruleOfAll = try DubboURL("override://0.0.0.0/*?weight=7")
      try await writer.register(rule)
      while await rules.next() != [rule] {}
      try await writer.register(ruleOfAll)
      while await rules.next() != [ruleOfAll, rule] {}
      try await writer.unregister(rule)
      while await rules.next() != [ruleOfAll] {}
      try await writer.register(provider(1))
      #expect(await seen.ports { !$0.isEmpty } == [1])
    }
  }

  @Test func `what is still registered is taken back at the end`() async throws {
    let registry = try registry()
    try await running([registry]) {
      try await registry.register(provider(1))
      #expect(folder.files.contains { $0.hasSuffix(".provider") })
    }
    #expect(!folder.files.contains { $0.hasSuffix(".provider") })
  }

  @Test func `case 32: a lease that somebody removed is published again`() async throws {
    let clock = VirtualClock()
    let (owner, consumer) = (try registry(clock: clock), try registry())
    try await running([owner, consumer]) {
      try await owner.register(provider(1))
      let seen = consumer.subscribe(to: greeter)
      #expect(await seen.ports { $0 == [1] } == [1])
      for file in folder.files where file.hasSuffix(".provider") { try folder.remove(file) }
      #expect(await seen.ports { $0.isEmpty } == [])
      await clock.sleepers(2)
      clock.advance(by: .milliseconds(20))
      #expect(await seen.ports { $0 == [1] } == [1])
    }
  }

  @Test func `case 40: the lease of a killed process is gone at the next look`() async throws {
    let host = try #require(Processes.host())
    // No process has the largest number: systems stop far below it.
    let dead = LeaseFile(url: provider(1), host: host, pid: Int(Int32.max), lease: .seconds(3_600))
    try folder.write(String(decoding: dead.bytes, as: UTF8.self), to: "org.example.Greeter/dead.provider")
    let consumer = try registry()
    try await running([consumer]) {
      #expect(await consumer.subscribe(to: greeter).ports { _ in true } == [])
    }
    #expect(!folder.files.contains { $0.hasSuffix("dead.provider") })
  }

  @Test func `a lease without a sign of life runs out`() async throws {
    let silent = LeaseFile(url: provider(1), host: nil, pid: 1, lease: .milliseconds(50))
    try folder.write(String(decoding: silent.bytes, as: UTF8.self), to: "org.example.Greeter/silent.provider")
    let consumer = try registry()
    try await running([consumer]) {
      let seen = consumer.subscribe(to: greeter)
      #expect(await seen.ports { _ in true } == [1])
      #expect(await seen.ports { $0.isEmpty } == [])
    }
  }

  @Test func `case 39: what is no lease is skipped and counted, and the good ones are used`() async throws {
    try folder.write("garbage", to: "org.example.Greeter/bad.provider")
    try folder.write("", to: "org.example.Greeter/empty.provider")
    try folder.write("dubbo-provider 1\n", to: "org.example.Greeter/.half.tmp")
    try folder.write("notes", to: "org.example.Greeter/README")
    try folder.write("inner", to: "org.example.Greeter/folder.provider/file")
    let registry = try registry()
    try await running([registry]) {
      try await registry.register(provider(1))
      #expect(await registry.subscribe(to: greeter).ports { $0 == [1] } == [1])
      #expect(registry.malformedCount == 2)
    }
  }

  @Test func `a folder that cannot be made is an error that says so`() async throws {
    try folder.write("a file", to: "taken")
    let registry = try FileRegistry(url: DubboURL("file://\(folder.path)/taken/deeper"))
    let error = await failure { try await registry.register(provider(1)) }
    #expect(error?.message.contains("cannot make the folder \(folder.path)/taken/deeper") == true)
  }

  @Test func `a folder that cannot be read is reported to subscribers`() async throws {
    let registry = try registry()
    try folder.write("", to: "x")
    let name = "org.example." + String(repeating: "x", count: 300)
    try await running([registry]) {
      var iterator = registry.subscribe(to: ServiceKey(interface: name)).makeAsyncIterator()
      let snapshot = await iterator.next()
      #expect(snapshot?.trouble?.contains("too long") == true)
      #expect(snapshot?.providers == [])
    }
  }

  @Test(arguments: [
    "file://tmp/dubbo", "file:///", "file:///tmp/x?lease=soon", "file:///tmp/x?heartbeat=2000&lease=3000",
    "file:///tmp/x?poll=0",
  ])
  func `a URL that names no usable folder is refused`(text: String) async throws {
    let url = try DubboURL(text)
    let error = await failure { _ = try FileRegistry(url: url) }
    #expect(error?.reason == .configuration)
  }

  @Test func `an interface cannot leave the folder`() throws {
    let options = try FileRegistryOptions(DubboURL("file:///tmp/dubbo"))
    #expect(options.folder(of: "..") == "/tmp/dubbo/%2E.")
    #expect(options.folder(of: "../../etc") == "/tmp/dubbo/%2E.%2F..%2Fetc")
    #expect(options.folder(of: "org.example.Greeter") == "/tmp/dubbo/org.example.Greeter")
  }

  @Test func `run ends when cancelled before it began, and may be the only thing ever called`() async throws {
    let registry = try registry()
    await withTaskGroup { group in
      group.addTask { try? await registry.run() }
      group.cancelAll()
    }
    #expect(await registry.subscribe(to: greeter).ports { _ in true } == nil)
  }
}
