import DubboCluster
import DubboCore
import DubboRegistry
import Synchronization
import TestDoubles
import Testing

/// An endpoint that only knows its URL and whether it was closed.
private final class Stub: Endpoint {
  let url: DubboURL
  private let closed = Mutex(false)
  private let onClose: @Sendable (DubboURL) -> Void

  init(url: DubboURL, onClose: @escaping @Sendable (DubboURL) -> Void) {
    self.url = url
    self.onClose = onClose
  }

  var availability: Availability { .ready }
  var isClosed: Bool { closed.withLock { $0 } }

  func close() async {
    let isFirst = closed.withLock { closed in
      defer { closed = true }
      return !closed
    }
    if isFirst { onClose(url) }
  }

  func invoke(_ invocation: Invocation) async throws -> Reply { Reply() }
}

struct RegistryDirectoryTests {
  private let clock = VirtualClock()
  private let registry = InMemoryRegistry()
  private let closings: AsyncStream<UInt16?>
  private let closing: AsyncStream<UInt16?>.Continuation

  init() {
    (closings, closing) = AsyncStream.makeStream()
  }

  private func directory(
    _ registries: [any Registry]? = nil, _ parameters: URLParameters = [:]
  ) -> RegistryDirectory {
    let consumer = DubboURL(scheme: "consumer", host: "", path: greeter.interface, parameters: parameters)
    return RegistryDirectory(
      consumer: consumer, registries: registries ?? [registry], protocols: ["tri"],
      context: ChoiceContext(clock: clock), log: .silent
    ) { [closing] url in Stub(url: url) { closing.yield($0.port) } }
  }

  private func call(timeout: Duration = .seconds(3)) -> Invocation {
    Invocation(
      method: MethodDescriptor(service: greeter.interface, name: "greet", kind: .unary), body: .message([]),
      deadline: clock.now.advanced(by: timeout))
  }

  @Test func `a call that finds nobody says what was found in place of providers`() async throws {
    let texts = [
      "dubbo://10.0.0.1:20880/org.example.Greeter", "tri://10.0.0.2:1/org.example.Greeter?version=2.0.0&group=blue",
      "tri://10.0.0.3:1/org.example.Greeter?disabled=true",
      "consumer://10.0.0.4/org.example.Greeter?category=consumers",
    ]
    for text in texts { try await registry.register(try DubboURL(text)) }
    let directory = directory(nil, ["check": "false"])
    try await running(directory) {
      let error = try #require(
        await #expect(throws: DubboError.self) { try await directory.list(call()) })
      let found =
        "found 1 that speak dubbo and not tri; providers of blue/org.example.Greeter:2.0.0; 1 that are disabled"
      #expect(error.message.contains(found), "\(error)")
    }
  }

  /// The endpoints once there are `ports`; asks again whenever another task has run.
  private func endpoints(_ directory: RegistryDirectory, of ports: [UInt16]) async -> [any Endpoint] {
    while true {
      let candidates = directory.snapshot.roster.candidates
      if candidates.compactMap(\.url.port) == ports { return candidates.map(\.endpoint) }
      await Task.yield()
    }
  }

  @Test func `a first call waits for the first provider`() async throws {
    let directory = directory()
    try await running(directory) {
      async let roster = directory.list(call())
      await clock.sleepers()
      try await registry.register(provider(1))
      #expect(try await roster.candidates.map(\.url.port) == [1])
    }
  }

  @Test func `case 21: a first call waits no longer than its deadline, and its error says where was looked`()
    async throws
  {
    let directory = directory()
    try await running(directory) {
      async let error = failure { _ = try await directory.list(call(timeout: .seconds(1))) }
      await clock.sleepers()
      clock.advance(by: .seconds(1))
      #expect(await error?.reason == .noProvider)
      #expect(await error?.message.contains("memory://localhost") == true)
    }
  }

  @Test func `a config center that does not tell its rules holds a first call for a second`() async throws {
    let directory = RegistryDirectory(
      consumer: DubboURL(scheme: "consumer", host: "", path: greeter.interface), registries: [registry],
      protocols: ["tri"], context: ChoiceContext(clock: clock), log: .silent, awaitsRules: true,
      allowance: ConnectionAllowance(), onApplications: { _ in }
    ) { Stub(url: $0) { _ in } }
    try await registry.register(provider(1))
    try await running(directory) {
      async let roster = directory.list(call())
      // The call, until its deadline, and the directory.
      await clock.sleepers(2)
      clock.advance(by: .seconds(1))
      let count = try await roster.count
      #expect(count == 1)
    }
  }

  @Test func `case 31: without check calls fail at once until providers come`() async throws {
    let directory = directory(nil, ["check": "false"])
    try await running(directory) {
      #expect(await failure { _ = try await directory.list(call()) }?.reason == .noProvider)
      try await registry.register(provider(1))
      _ = await endpoints(directory, of: [1])
      #expect(try await directory.list(call()).count == 1)
    }
  }

  @Test func `case 36: providers that stay keep their endpoint, those that go are closed`() async throws {
    let directory = directory()
    try await running(directory) {
      try await registry.register(provider(1))
      try await registry.register(provider(2))
      let before = await endpoints(directory, of: [1, 2])
      try await registry.register(provider(3))
      let more = await endpoints(directory, of: [1, 2, 3])
      #expect(before[0] as? Stub === more[0] as? Stub)
      try await registry.unregister(provider(1))
      let after = await endpoints(directory, of: [2, 3])
      #expect(before[1] as? Stub === after[0] as? Stub)
      var iterator = closings.makeAsyncIterator()
      #expect(await iterator.next() == 1)
    }
  }

  @Test func `case 36: a provider whose weight changed keeps its endpoint`() async throws {
    let directory = directory()
    try await running(directory) {
      try await registry.register(provider(1))
      let before = await endpoints(directory, of: [1])
      try await registry.register(provider(1, greeter.interface, ["weight": "7"]))
      while directory.snapshot.roster.candidates.first?.url.weight != 7 { await Task.yield() }
      #expect(directory.snapshot.roster.candidates.first?.endpoint as? Stub === before[0] as? Stub)
    }
  }

  @Test func `case 35: the last provider's leaving is honoured after the delay`() async throws {
    let directory = directory()
    try await running(directory) {
      try await registry.register(provider(1))
      _ = await endpoints(directory, of: [1])
      try await registry.unregister(provider(1))
      await clock.sleepers()
      #expect(try await directory.list(call()).count == 1)
      clock.advance(by: .seconds(30))
      _ = await endpoints(directory, of: [])
      #expect(await failure { _ = try await directory.list(call()) }?.reason == .noProvider)
    }
  }

  @Test func `the end of run closes every endpoint`() async throws {
    let directory = directory()
    try await running(directory) {
      for port in 1...3 { try await registry.register(provider(UInt16(port))) }
      _ = await endpoints(directory, of: [1, 2, 3])
    }
    closing.finish()
    var closed: [UInt16] = []
    for await port in closings { closed.append(port ?? 0) }
    #expect(closed.sorted() == [1, 2, 3])
  }

  @Test func `case 41: two registries are one list, and one of them suffices`() async throws {
    let other = InMemoryRegistry()
    let directory = directory([registry, other])
    try await running(directory) {
      try await other.register(provider(2))
      _ = await endpoints(directory, of: [2])
      try await registry.register(provider(1))
      _ = await endpoints(directory, of: [1, 2])
    }
  }

  @Test func `override URLs of a registry change its providers, beside the rules of a config center`() async throws {
    let directory = directory()
    try await running(directory) {
      try await registry.register(provider(1))
      let before = await endpoints(directory, of: [1])
      func until(weight: Int, timeout: Duration) async {
        while true {
          let url = directory.snapshot.roster.candidates.first?.url
          if url?.weight == weight, url?.timeout == timeout { return }
          await Task.yield()
        }
      }
      let rule = try DubboURL("override://0.0.0.0/org.example.Greeter?weight=7&timeout=5")
      try await registry.register(rule)
      await until(weight: 7, timeout: .milliseconds(5))
      var book = RuleBook()
      try book.file("configs: [{ side: consumer, parameters: { weight: 3 } }]", under: "a.configurators")
      await directory.update(overrides: book.overrides)
      await until(weight: 3, timeout: .milliseconds(5))
      try await registry.unregister(rule)
      await until(weight: 3, timeout: .seconds(3))
      let after = await endpoints(directory, of: [1])
      #expect(before[0] as? Stub === after[0] as? Stub)
      try await registry.register(DubboURL("override://127.0.0.1:1/org.example.Greeter?disabled=true"))
      _ = await endpoints(directory, of: [])
    }
  }

  @Test func `run ends when it is cancelled before it began`() async {
    let directory = directory()
    await withTaskGroup { group in
      group.addTask { await directory.run() }
      group.cancelAll()
    }
    #expect(await failure { _ = try await directory.list(call()) }?.reason == .noProvider)
  }
}
