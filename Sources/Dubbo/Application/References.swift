internal import DubboCluster
internal import DubboCore
internal import DubboRegistry
internal import Synchronization

/// The services that an application calls: one directory per service, one stack per way of calling it.
final class References: Sendable {
  private struct StackKey: Hashable {
    var consumer: DubboURL
    var source: ProviderSource
  }

  private let application: DubboApplication
  private let registries: ApplicationRegistries
  private let protocols: ApplicationProtocols
  private let tasks: TaskScope
  private let center: ApplicationConfigCenter
  /// The rules that hold beside those of a config center.
  let rules: StandingRules
  private let shared: SharedByReferences
  private let directories = SharedInstances<StackKey, RegistryDirectory>()
  private let stacks = SharedInstances<StackKey, ClientStack>()
  private let isClosed = Atomic<Bool>(false)

  init(
    _ application: DubboApplication, registries: ApplicationRegistries, protocols: ApplicationProtocols,
    center: ApplicationConfigCenter, tasks: TaskScope
  ) {
    self.application = application
    self.registries = registries
    self.protocols = protocols
    self.tasks = tasks
    self.center = center
    rules = StandingRules(application.rules.adding(application.configuration.routers.rules))
    shared = SharedByReferences(
      choice: ChoiceContext(clock: application.clock), replays: ReplayMemory(limit: application.replayMemory),
      allowance: ConnectionAllowance())
  }

  /// The stack that calls `consumer`'s service at the providers of `source`.
  func stack(for consumer: DubboURL, from source: ProviderSource) async throws -> ClientStack {
    guard !isClosed.load(ordering: .acquiring) else { throw afterEnd }
    return try await stacks.instance(of: StackKey(consumer: consumer, source: source)) {
      let sources = try await sources(for: consumer, source)
      let stack = try ClientStack(for: consumer, sources: sources, application, shared, tasks)
      for source in sources {
        await source.directory.prepare(for: stack.balances)
        if !consumer[LazyKey.self] { source.directory.connectEarly() }
      }
      return stack
    }
  }

  /// No reference is made any more.
  func close() {
    isClosed.store(true, ordering: .releasing)
  }

  /// What does not tell one directory from another: references that differ in these share one, and its connections.
  /// The rest may be looked at by routing rules.
  private static let ofCalls: Set<String> = [
    TimeoutKey.name, RetriesKey.name, LoadBalanceKey.name, ClusterKey.name, StickyKey.name, IdempotentKey.name,
    ForksKey.name, FailbackTasksKey.name, BroadcastFailPercentKey.name, MergerKey.name, HashArgumentsKey.name,
    HashNodesKey.name, AvailableCheckKey.name, ActivesKey.name, SerializationKey.name, LazyKey.name, "filter",
    "reference.filter", "methods", "timestamp",
  ]

  private static func isOfCalls(_ name: String) -> Bool {
    ofCalls.contains { name == $0 || name.hasSuffix(".\($0)") }
  }

  /// The directory of a reference; one for each registry where its cluster keeps them apart.
  private func sources(for consumer: DubboURL, _ source: ProviderSource) async throws -> [ClientStack.Source] {
    guard ZoneAwareCluster.names.contains(consumer.cluster), source.providers.isEmpty else {
      return [ClientStack.Source(registry: consumer, directory: try await directory(for: consumer, from: source))]
    }
    var sources: [ClientStack.Source] = []
    for text in source.registries ?? application.registries {
      let one = ProviderSource(registries: [text])
      guard try await !registries.all(one.registries).isEmpty else { continue }
      // As the application writes it: a registry that several URLs share has none of their zones.
      let url = try application.extensions.factory(
        forSchemeOf: DubboURL.configured(text, as: "registry"), point: Registries.self
      ).url
      sources.append(.init(registry: url, directory: try await directory(for: consumer, from: one)))
    }
    guard !sources.isEmpty else { throw nowhereToLook(consumer) }
    return sources
  }

  func directory(for consumer: DubboURL, from source: ProviderSource) async throws -> RegistryDirectory {
    var key = consumer
    key.parameters.removeAll { Self.isOfCalls($0.name) }
    return try await directories.instance(of: StackKey(consumer: key, source: source)) {
      let registries: [any Registry]
      if !source.providers.isEmpty {
        // Addresses none of which can be called from here are not waited for.
        if let first = source.providers.first, protocols.names.isDisjoint(with: source.providers.map(\.scheme)) {
          _ = try application.extensions.factory(first.scheme, for: RPCProtocols.self)
        }
        registries = [StaticRegistry(source.providers)]
      } else {
        registries = try await self.registries.all(source.registries)
        guard !registries.isEmpty else { throw nowhereToLook(consumer) }
      }
      let watch = try await center.use().map { center in
        RuleWatch(
          service: ServiceKey(key), consumer: application.name, center: center, log: application.log)
      }
      let directory = RegistryDirectory(
        consumer: key, registries: registries, protocols: protocols.names, context: shared.choice,
        log: application.log, awaitsRules: watch != nil, allowance: shared.allowance,
        onApplications: { watch?.providers($0) }
      ) { [protocols] url in try protocols.named(url.scheme).endpoint(for: url) }
      let rules = try rules.reference(over: directory, routers: routers(of: key))
      tasks.start { await directory.run() }
      if let watch {
        tasks.start {
          await watch.run(settled: { directory.rulesAreKnown(of: $0) }) { book in
            rules.update(live: book.ruleSet())
            await directory.update(overrides: book.overrides)
          }
        }
      }
      return directory
    }
  }

  /// The application's own routers that `router=` names.
  private func routers(of consumer: DubboURL) throws -> [any Router] {
    try consumer[RouterNamesKey.self].map { name in
      try application.extensions.factory(name, for: Routers.self)(consumer)
    }
  }

  private func nowhereToLook(_ consumer: DubboURL) -> DubboError {
    DubboError(
      .unavailable,
      "the application \(application.name) has no registry in which to look for \(ServiceKey(consumer)); give it one, "
        + "or give the client the address of a provider", reason: .configuration, progress: .notSent)
  }

  private var afterEnd: DubboError {
    DubboError(
      .unavailable, "the application \(application.name) has ended", reason: .shutdown, progress: .notSent)
  }
}

/// `router`: the routers of a reference, by the names that the catalog knows, in the order in which they are asked.
private enum RouterNamesKey: URLParameterKey {
  static let name = Routers.name
  static let defaultValue: [String] = []
}

/// A reference that builds its stack at the first call, or before it (`lazy=false`), and then costs two atomic loads: of the
/// stack, and of whether rules have changed its filters.
final class LazyReference: Invoker {
  private let consumer: DubboURL
  private let source: ProviderSource
  private let references: References
  private let timeouts: Timeouts
  private let stack = AtomicLazyReference<ClientStack>()

  init(consumer: DubboURL, source: ProviderSource, references: References) {
    self.consumer = consumer
    self.source = source
    self.references = references
    timeouts = Timeouts(consumer)
  }

  /// How long a call of `method` may take unless it says so itself; nil for no limit.
  func timeout(of method: MethodDescriptor) -> Duration? {
    if let stack = stack.load() { return stack.timeout(of: method) }
    return timeouts.of(method)
  }

  func invoke(_ invocation: Invocation) async throws -> Reply {
    if let stack = stack.load() { return try await stack.invoker.invoke(invocation) }
    let made: ClientStack
    do {
      made = try await build()
    } catch {
      throw Self.failure(error)
    }
    return try await made.invoker.invoke(invocation)
  }

  /// The stack, which looks for providers from when it is built.
  @discardableResult
  func build() async throws -> ClientStack {
    stack.storeIfNil(try await references.stack(for: consumer, from: source))
  }

  /// What keeps a stack from being built is a mistake of this side, and nothing was sent.
  private static func failure(_ error: any Error) -> DubboError {
    if let error = error as? DubboError { return error }
    if error is CancellationError { return DubboError.wrapping(error) }
    return DubboError(
      .invalidArgument, "\(error)", reason: .configuration, progress: .notSent, cause: error)
  }
}
