import Dubbo
import DubboTesting
import Synchronization
import TestDoubles
import Testing

/// Cases of the list of failures that concern a whole application.
@Suite(.timeLimit(.minutes(1))) struct FailureCaseTests {
  private let network = InProcessNetwork()
  private let registry = UnreliableRegistry()

  private func application(
    _ name: String, _ listening: String? = nil, _ registries: String = "unreliable://r",
    clock: any DubboClock = SystemClock()
  ) -> DubboApplication {
    var application = DubboApplication(
      name: name, protocols: [listening ?? "inproc://\(name):0"], registries: [registries],
      extensions: network.extensions, log: .silent, clock: clock)
    application.extensions.register("unreliable", for: Registries.self) { [registry] url, _ in
      registry.named(url)
    }
    application.shutdown.notificationWait = .zero
    return application
  }

  private func provider(
    _ name: String, _ listening: String? = nil, _ registries: String = "unreliable://r",
    clock: any DubboClock = SystemClock()
  ) -> DubboApplication {
    var provider = application(name, listening, registries, clock: clock)
    provider.provide(ClosureService { Reply("\(name) greets \($0.text)") }, methods: [greet], as: greeter)
    return provider
  }

  @Test func `case 31: with check a registry that is down ends the start and says why`() async throws {
    registry.isDown = true
    let error = await failure { try await provider("one").run { _ in _ = Issue.record("it started") } }
    #expect(error?.code == .unavailable && error?.message.contains("is down") == true)
  }

  @Test func `case 31: without check it starts, calls fail at once, and all works when the registry comes up`()
    async throws
  {
    let clock = VirtualClock()
    registry.isDown = true
    try await provider("one", nil, "unreliable://r?check=false", clock: clock).run { running in
      let invoker = running.invoker(for: .consumer(["check": "false"]))
      let error = await failure { _ = try await invoker.invoke(call(deadline: nil)) }
      #expect(error?.reason == .noProvider && error?.message.contains("nobody") == true, "\(String(describing: error))")
      // The provider tries to register again, less and less often.
      for _ in 0..<3 {
        await clock.sleepers()
        clock.advance(by: .seconds(3))
      }
      registry.isDown = false
      while registry.registered.isEmpty {
        clock.advance(by: .seconds(10))
        await Task.yield()
      }
      while await failure({ _ = try await invoker.invoke(call(deadline: nil)) }) != nil { await Task.yield() }
    }
    #expect(registry.registered.isEmpty)
  }

  @Test func `case 43: a provider that restarts on its port is called again without a restart of the consumer`()
    async throws
  {
    try await application("caller").run { caller in
      let invoker = caller.invoker(for: .consumer(["check": "false"]))
      for round in 0..<5 {
        try await provider("p\(round)", "inproc://one:5001").run { _ in
          // The list of the time without a provider may still be the present one for a moment.
          while true {
            do {
              let text = try await invoker.invoke(call("x")).text
              #expect(text == "p\(round) greets x")
              break
            } catch let error as DubboError where error.reason == .noProvider { await Task.yield() }
          }
        }
      }
    }
  }

  @Test func `case 49: a wall clock that jumps by hours costs no call`() async throws {
    let clock = VirtualClock()
    try await provider("one", clock: clock).run { _ in
      try await provider("two", clock: clock).run { running in
        let invoker = running.invoker(for: .consumer())
        for hours: Int64 in [0, 1, -2, 24, -48, 1_000] {
          clock.wallMilliseconds += hours * 3_600_000
          for _ in 0..<20 { _ = try await invoker.invoke(call(deadline: clock.now.advanced(by: .seconds(1)))) }
        }
      }
    }
  }

  @Test func `case 54: what a method throws reaches its caller as UNKNOWN with the words of the error`() async throws {
    struct OutOfPaper: Error, CustomStringConvertible { var description: String { "the printer is out of paper" } }
    var application = application("one")
    let calls = Mutex(0)
    application.provide(
      ClosureService { _ in
        calls.withLock { $0 += 1 }
        throw OutOfPaper()
      }, methods: [greet], as: greeter)
    try await application.run { running in
      let error = await failure { _ = try await running.invoker(for: .consumer()).invoke(call()) }
      #expect(error?.code == .unknown && error?.message.contains("out of paper") == true)
      #expect(calls.withLock { $0 } == 1)
    }
  }

  @Test(arguments: ["registry", "registry-url"])
  func `an extension URL names a registry`(parameter: String) async throws {
    let inner = "unreliable%3A%2F%2F127.0.0.1%3A8848"
    let url = "extension://0.0.0.0/?extension-type=registry&extension-name=unreliable&\(parameter)=\(inner)"
    try await provider("one", nil, url).run { running in
      let text = try await running.invoker(for: .consumer()).invoke(call("x")).text
      #expect(text == "one greets x")
      #expect(registry.urls == ["unreliable://127.0.0.1:8848"])
    }
  }
}

/// A registry in memory that can be down.
private final class UnreliableRegistry: Sendable {
  private let inner = InMemoryRegistry()
  private let down = Mutex(false)
  private let asked = Mutex<[String]>([])

  var isDown: Bool {
    get { down.withLock { $0 } }
    set { down.withLock { $0 = newValue } }
  }
  var registered: [DubboURL] { inner.registered }
  /// The URLs by which it was made.
  var urls: [String] { asked.withLock { $0 } }

  func named(_ url: DubboURL) -> any Registry {
    asked.withLock { $0.append(url.text) }
    return Named(url: url, all: self)
  }

  private struct Named: Registry {
    let url: DubboURL
    let all: UnreliableRegistry

    func register(_ provider: DubboURL) async throws {
      guard !all.isDown else {
        throw DubboError(.unavailable, "the registry is down", reason: .connection, progress: .notSent)
      }
      try await all.inner.register(provider)
    }
    func unregister(_ provider: DubboURL) async throws { try await all.inner.unregister(provider) }
    func subscribe(to service: ServiceKey) -> AsyncStream<RegistrySnapshot> { all.inner.subscribe(to: service) }
    func run() async throws { try await all.inner.run() }
  }
}
