import DubboCluster
import DubboRegistry
import DubboTesting
import Synchronization
import Testing

@testable import Dubbo

/// Override rules about the filters of a reference, while it is in use.
@Suite(.timeLimit(.minutes(1))) struct LiveFiltersTests {
  private let network = InProcessNetwork()
  private let center = InMemoryConfigCenter()
  private let registry = InMemoryRegistry()
  private let made = Journal()

  /// Provides the greeter, which answers with the marks that filters left on the call; `mark-NAME` leaves NAME and the
  /// reference's `actives`.
  private func application(
    log: Log = .silent, _ body: @escaping @Sendable (Invocation) async -> Void = { _ in }
  ) -> DubboApplication {
    var application = DubboApplication(
      name: "shop", protocols: ["inproc://one:0"], registries: ["memory://shared"], extensions: network.extensions,
      log: log)
    application.extensions.register("memory", for: ConfigCenters.self) { [center] _, _ in center }
    application.extensions.register("memory", for: Registries.self) { [registry] _, _ in registry }
    for name in ["given", "other"] {
      application.extensions.register("mark-\(name)", for: Filters.self) { [made] context in
        made.note(name)
        return MarkFilter(mark: name + (context.url["greet.actives"] ?? ""))
      }
    }
    application.configCenter = "memory://rules"
    application.shutdown.notificationWait = .zero
    application.provide(
      ClosureService { invocation in
        if invocation.method == greet { await body(invocation) }
        return Reply(invocation.metadata["mark"] ?? "")
      }, methods: [greet, unlimited], as: greeter)
    return application
  }

  private let unlimited = MethodDescriptor(service: greeter.interface, name: "unlimited", kind: .unary)

  private func marks(_ invoker: any Invoker) async throws -> String {
    try await invoker.invoke(
      Invocation(method: unlimited, body: .message([]), deadline: .now.advanced(by: .seconds(10)))
    ).text
  }

  private func publish(_ parameters: String) async throws {
    try await center.publish(
      "configs: [{ side: consumer, parameters: \(parameters) }]",
      for: ConfigKey("org.example.Greeter::.configurators"))
  }

  @Test func `override rules change the filters of a reference, and give them back`() async throws {
    try await application().run { running in
      let reference = running.invoker(for: .consumer(["reference.filter": "mark-given"]))
      let before = try await marks(reference)
      #expect(before == "given")
      try await publish("{ reference.filter: 'mark-given,mark-other' }")
      while try await marks(reference) != "given other" {}
      try await publish("{ reference.filter: -default }")
      while try await marks(reference) != "" {}
      try await center.remove(ConfigKey("org.example.Greeter::.configurators"))
      while try await marks(reference) != "given" {}
    }
    // Those of the reference's own URL are not made a second time.
    #expect(made.all == ["given", "given", "other"])
  }

  @Test func `filters are not made anew for a change that is not theirs`() async throws {
    try await application().run { running in
      var consumer = DubboURL.consumer(["filter": "mark-given"])
      consumer.host = "10.0.0.1"
      let reference = running.invoker(for: consumer)
      try await publish("{ filter: 'mark-given,mark-other' }")
      while try await marks(reference) != "given other" {}
      // Another list of providers, and a rule about one of them.
      try await registry.register(DubboURL("inproc://one:1/org.example.Greeter?weight=0"))
      try await registry.register(DubboURL("override://one:1/org.example.Greeter?mark=seen"))
      let directory = try await running.references.directory(for: consumer, from: ProviderSource(providers: []))
      while !directory.snapshot.roster.candidates.contains(where: { $0.url["mark"] == "seen" }) { await Task.yield() }
      // Time for what must not happen.
      for _ in 0..<100 { _ = try await marks(reference) }
    }
    #expect(made.all == ["given", "given", "other"])
  }

  @Test func `a filter that nobody knows leaves those before it, and is told once`() async throws {
    let warnings = Mutex<[String]>([])
    let log = Log(label: "shop", handler: Warnings { text in warnings.withLock { $0.append(text) } })
    try await application(log: log).run { running in
      let reference = running.invoker(for: .consumer(["filter": "mark-given"]))
      try await publish("{ filter: mark-other }")
      while try await marks(reference) != "other" {}
      try await publish("{ filter: 'mark-given,nowhere' }")
      while warnings.withLock({ $0.isEmpty }) { await Task.yield() }
      let after = try await marks(reference)
      #expect(after == "other")
      try await publish("{ filter: mark-given, mark: again }")
      while try await marks(reference) != "given" {}
    }
    // Not of the registry's, which its provider leaves at the end.
    let told = warnings.withLock { $0 }.filter { $0.contains("filters") }
    #expect(told.count == 1 && told.first?.contains("nowhere") == true, "\(told)")
    #expect(made.all == ["given", "other", "given"])
  }

  @Test func `what a filter does beside calls ends when a rule replaces it`() async throws {
    let (events, event) = AsyncStream.makeStream(of: String.self)
    var application = application()
    application.extensions.register("busy", for: Filters.self) { context in
      BusyFilter { event.yield("\($0) \(context.url["mark"] ?? "")") }
    }
    try await application.run { running in
      _ = try await marks(running.invoker(for: .consumer(["filter": "mark-given"])))
      var happened = events.makeAsyncIterator()
      try await publish("{ filter: busy, mark: one }")
      var next = await happened.next()
      #expect(next == "begins one")
      try await publish("{ filter: busy, mark: two }")
      var both: Set<String?> = []
      for _ in 0..<2 { both.insert(await happened.next()) }
      #expect(both == ["ends one", "begins two"])
      try await center.remove(ConfigKey("org.example.Greeter::.configurators"))
      next = await happened.next()
      #expect(next == "ends two")
    }
  }

  @Test func `calls that are counted against actives are counted through a change of the rules`() async throws {
    let (entered, enter) = AsyncStream.makeStream(of: Void.self)
    let (leave, mayLeave) = AsyncStream.makeStream(of: Void.self)
    let application = application { _ in
      enter.yield()
      for await _ in leave { break }
    }
    try await application.run { running in
      let reference = running.invoker(for: .consumer(["greet.actives": "1", "filter": "mark-given"]))
      func isFull() async -> Bool {
        await failure { _ = try await reference.invoke(call(deadline: .now.advanced(by: .milliseconds(1)))) }?.code
          == .resourceExhausted
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        func begin() async {
          group.addTask { _ = try await reference.invoke(call(deadline: nil)) }
          for await _ in entered { break }
        }
        await begin()
        try await publish("{ greet.actives: 3 }")
        while try await marks(reference) != "given3" {}
        for _ in 0..<2 { await begin() }
        let isFullOfThree = await isFull()
        #expect(isFullOfThree)
        // As many as there were before the first change run now, and one more must not.
        try await publish("{ greet.actives: 2 }")
        while try await marks(reference) != "given2" {}
        mayLeave.yield()
        try await group.next()
        let isFullOfTwo = await isFull()
        #expect(isFullOfTwo)
        try await center.remove(ConfigKey("org.example.Greeter::.configurators"))
        while try await marks(reference) != "given1" {}
        mayLeave.yield()
        try await group.next()
        let isFullOfOne = await isFull()
        #expect(isFullOfOne)
        mayLeave.finish()
        try await group.waitForAll()
      }
      _ = try await reference.invoke(call())
    }
  }
}

/// Leaves a mark on the call.
private struct MarkFilter: BracketFilter {
  let mark: String

  func begin(_ invocation: inout Invocation) throws {
    let earlier = invocation.metadata["mark"].map { "\($0) " } ?? ""
    invocation.metadata["mark"] = earlier + mark
  }
}

/// Tells when it begins and ends what it does beside calls.
private struct BusyFilter: BracketFilter, BackgroundWork {
  let tell: @Sendable (String) -> Void

  func run() async {
    tell("begins")
    // Nobody rings: until it is cancelled.
    await Doorbell().wait()
    tell("ends")
  }
}

private struct Warnings: LogHandler {
  let warned: @Sendable (String) -> Void
  var minimumLevel: LogLevel { .warning }

  func handle(_ event: LogEvent) { warned("\(event)") }
}
