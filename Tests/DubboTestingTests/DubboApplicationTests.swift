import Dubbo
import DubboRegistry
import DubboTesting
import TestDoubles
import Testing

struct DubboApplicationTests {
  private let network = InProcessNetwork()

  private func application(_ name: String, _ registries: [String] = ["memory://shared"]) -> DubboApplication {
    var application = DubboApplication(
      name: name, protocols: ["inproc://\(name):0"], registries: registries, extensions: network.extensions,
      log: .silent)
    application.shutdown.notificationWait = .zero
    return application
  }

  private func provider(_ name: String) -> DubboApplication {
    var provider = application(name)
    provider.provide(ClosureService { Reply("\(name) greets \($0.text)") }, methods: [greet], as: greeter)
    return provider
  }

  @Test func `a provider and a consumer find each other`() async throws {
    let text = try await provider("one").run { _ in
      try await application("caller").run { caller in
        try await caller.invoker(for: .consumer()).invoke(call("Swift")).text
      }
    }
    #expect(text == "one greets Swift")
  }

  @Test func `case 43: a call waits for a provider that starts after it`() async throws {
    let text = try await application("caller").run { caller in
      try await withThrowingTaskGroup(of: String.self) { group in
        group.addTask { try await caller.invoker(for: .consumer()).invoke(call("you")).text }
        return try await provider("late").run { _ in try await group.next() }
      }
    }
    #expect(text == "late greets you")
  }

  @Test func `several services share the port that the first one got`() async throws {
    var both = provider("one")
    let echo = MethodDescriptor(service: "org.example.Echo", name: "echo", kind: .unary)
    both.provide(
      ClosureService { Reply($0.text) }, methods: [echo],
      as: ServiceKey(interface: "org.example.Echo", version: "2.0.0"))
    try await both.run { running in
      #expect(Set(running.exported.map(\.port)).count == 1)
      #expect(running.port != 0)
      let invoker = running.invoker(
        for: DubboURL(scheme: "consumer", host: "", path: "org.example.Echo", parameters: ["version": "2.0.0"]))
      let invocation = Invocation(
        method: echo, body: .message(Array("x".utf8)), deadline: .now.advanced(by: .seconds(10)))
      let text1 = try await invoker.invoke(invocation).text
      #expect(text1 == "x")
    }
  }

  @Test func `a service that is provided twice in one place fails the start`() async {
    var twice = provider("one")
    twice.provide(ClosureService { _ in Reply("two") }, methods: [greet], as: greeter)
    let error = await failure { [twice] in try await twice.run { _ in } }
    #expect(
      error?.reason == .configuration && error?.message.contains("org.example.Greeter twice at inproc://") == true)
  }

  @Test func `what registries get is what Java's and Go's consumers need`() async throws {
    var provider = application("one")
    provider.provide(
      ClosureService { _ in Reply() }, methods: [greet],
      as: ServiceKey(interface: greeter.interface, group: "g", version: "1.0.0"), parameters: ["weight": "50"])
    provider.advertisedHost = "10.0.0.7"
    let registry = InMemoryRegistry()
    provider.extensions.register("memory", for: Registries.self) { _, _ in registry }
    try await provider.run { running in
      let url = try #require(registry.registered.first)
      #expect(url.scheme == "inproc" && url.host == "10.0.0.7" && url.port == running.port)
      #expect(url.path == greeter.interface)
      for (name, value) in [
        ("interface", greeter.interface), ("application", "one"), ("side", "provider"), ("methods", "greet"),
        ("dubbo", "2.0.2"), ("dynamic", "true"), ("generic", "false"), ("deprecated", "false"), ("group", "g"),
        ("version", "1.0.0"), ("weight", "50"),
      ] { #expect(url[name] == value) }
      #expect(url.timestamp > 0)
    }
  }

  @Test func `case 47: it registers after the port accepts and unregisters before it closes`() async throws {
    let journal = Journal()
    var application = provider("one")
    application.extensions.register("noting", for: Registries.self) { _, _ in NotingRegistry(journal) }
    application.extensions.register("inproc", for: RPCProtocols.self) { _ in NotingProtocol(journal) }
    application.registries = ["noting://here"]
    try await application.run { _ in journal.note("body") }
    #expect(journal.all == ["export", "register", "body", "unregister", "shut down"])
  }

  @Test func `a consumer calls on while one of two providers refuses`() async throws {
    try await provider("one").run { one in
      try await provider("two").run { _ in
        try await application("caller").run { caller in
          let invoker = caller.invoker(for: .consumer())
          let address = try #require(one.exported.first?.address)
          network.setRefusing(true, at: address)
          for _ in 0..<50 {
            let text = try await invoker.invoke(call("x")).text
            #expect(text == "two greets x")
          }
        }
      }
    }
  }

  @Test func `two applications of one process share nothing that they were not given`() async throws {
    let stranger = DubboApplication(name: "stranger", registries: ["memory://shared"], log: .silent)
    try await provider("one").run { _ in
      try await stranger.run { stranger in
        let error = await failure {
          _ = try await stranger.invoker(for: .consumer(["check": "false"])).invoke(call())
        }
        #expect(error?.reason == .noProvider)
      }
    }
  }

  @Test func `a client without a registry says what to do`() async throws {
    try await application("caller", []).run { caller in
      let error = await failure { _ = try await caller.invoker(for: .consumer()).invoke(call()) }
      #expect(error?.message.contains("has no registry in which to look for org.example.Greeter") == true)
    }
  }

  @Test func `a provider can be called by its address`() async throws {
    try await provider("one").run { one in
      try await application("caller", []).run { caller in
        let invoker = caller.invoker(for: .consumer(), at: DubboURL(scheme: "inproc", host: "one", port: one.port))
        let text2 = try await invoker.invoke(call("you")).text
        #expect(text2 == "one greets you")
      }
    }
  }

  @Test(arguments: [
    ("zookeper://localhost", "known are"), ("nonsense", "registry is malformed"),
    ("file://relative/path", "three slashes"),
  ])
  func `a registry that makes no sense ends the start with a sentence`(text: String, sentence: String) async throws {
    let error = await #expect(throws: (any Error).self) {
      try await application("one", [text]).run { _ in Issue.record("it started") }
    }
    #expect("\(error as Any)".contains(sentence))
  }

  @Test func `an unknown balance, cluster or filter fails the call with the known names`() async throws {
    try await provider("one").run { running in
      for parameters in [["loadbalance": "p3c"], ["cluster": "failsoever"], ["filter": "audit"]] as [URLParameters] {
        let error = await failure { _ = try await running.invoker(for: .consumer(parameters)).invoke(call()) }
        #expect(error?.reason == .configuration)
        #expect(error?.message.contains("known are") == true)
      }
    }
  }

  @Test func `after the end a client's calls fail and say why`() async throws {
    let invoker = try await provider("one").run { running in running.invoker(for: .consumer()) }
    let error = await failure { _ = try await invoker.invoke(call()) }
    #expect(error?.reason == .shutdown)
  }

  @Test func `an error of the body ends the application and comes out`() async throws {
    struct Mine: Error {}
    let journal = Journal()
    var application = provider("one")
    application.extensions.register("inproc", for: RPCProtocols.self) { _ in NotingProtocol(journal) }
    await #expect(throws: Mine.self) { try await application.run { _ in throw Mine() } }
    #expect(journal.all == ["export", "shut down"])
  }

  @Test func `cancelling the application ends it`() async throws {
    let provider = provider("one")
    try await withThrowingTaskGroup { group in
      let (started, signal) = AsyncStream.makeStream(of: Void.self)
      group.addTask {
        try await provider.run { _ in
          signal.yield()
          for await _ in AsyncStream<Never>.makeStream().stream {}
        }
      }
      for await _ in started { break }
      group.cancelAll()
      try await group.waitForAll()
    }
    let error = await failure {
      _ = try await InProcessCaller(network).call("one", 1_001)
    }
    #expect(error?.reason == .connection)
  }

  @Test func `it may run again after it ended`() async throws {
    let provider = provider("one")
    for _ in 0..<2 {
      let text = try await provider.run { try await $0.invoker(for: .consumer()).invoke(call("x")).text }
      #expect(text == "one greets x")
    }
  }
}

/// Calls an address of the network directly.
private struct InProcessCaller {
  let network: InProcessNetwork

  init(_ network: InProcessNetwork) { self.network = network }

  func call(_ host: String, _ port: UInt16) async throws -> Reply {
    let rpc = try network.extensions.factory("inproc", for: RPCProtocols.self)(ProtocolContext())
    let endpoint = try rpc.endpoint(for: DubboURL(scheme: "inproc", host: host, port: port, path: greeter.interface))
    return try await endpoint.invoke(DubboTestingTests.call())
  }
}

private struct NotingRegistry: Registry {
  let url = DubboURL(scheme: "noting", host: "here")
  let journal: Journal

  init(_ journal: Journal) { self.journal = journal }

  func register(_ provider: DubboURL) async throws { journal.note("register") }
  func unregister(_ provider: DubboURL) async throws { journal.note("unregister") }
  func subscribe(to service: ServiceKey) -> AsyncStream<RegistrySnapshot> { AsyncStream { $0.finish() } }
  func run() async throws {}
}

private struct NotingProtocol: RPCProtocol {
  struct Exported: Exporter {
    var url: DubboURL
    func replace(with service: any Invoker) {}
    func unexport() async {}
  }

  let journal: Journal
  var name: String { "inproc" }

  init(_ journal: Journal) { self.journal = journal }

  func endpoint(for url: DubboURL) throws -> any Endpoint {
    InProcessEndpoint(url: url, service: ClosureService { _ in Reply() })
  }

  func export(_ service: any Invoker, methods: [MethodDescriptor], at url: DubboURL) async throws -> any Exporter {
    journal.note("export")
    return Exported(url: url)
  }

  func shutDown(grace: Duration) async { journal.note("shut down") }
}
