public import DubboCluster
public import DubboCore
internal import Synchronization

/// The directory of one service that registries fill: subscribes, keeps the endpoints of providers that stay, and
/// closes those of providers that went, after their calls.
///
/// Several registries are merged; one that lives is enough. A list that a registry empties is believed only when it
/// stays empty (`enable-empty-protection`, on by default; `empty-protection-delay`, 30 s).
public final class RegistryDirectory: Directory {
  public let service: ServiceKey
  /// What the directory is for: the service and how the consumer calls it.
  public let consumer: DubboURL
  private let directory: ServiceDirectory
  private let registries: [any Registry]
  private let filter: ProviderFilter
  private let choice: ChoiceContext
  private let clock: any DubboClock
  private let log: Log
  private let inbox: Inbox
  private let onApplications: @Sendable ([String]) -> Void
  /// In the order of `registries`.
  private let caches: [ProviderCache?]
  private let troubles = Mutex<[String]>([])
  /// What each registry lists and cannot be called, in the order of `registries`.
  private let rejected: Mutex<[String]>
  private let overrides: Mutex<OverrideSources>
  private let early: EarlyConnections
  private let overrideFeed = Feed<String, OverrideSet>()
  /// How long the first calls wait for rules once there are providers: a config center that does not answer stops nobody.
  private static let rulePatience = Duration.seconds(1)

  /// - Parameters:
  ///   - consumer: its `interface`, `group` and `version` say what is looked for; its other parameters override those
  ///     of providers.
  ///   - protocols: the names of the protocols that `makeEndpoint` can serve; other providers are left out.
  ///   - onApplications: gets the names of the providers' applications, sorted, whenever providers change.
  public convenience init(
    consumer: DubboURL, registries: [any Registry], protocols: Set<String>, context: ChoiceContext = ChoiceContext(),
    log: Log = Log(label: "dubbo.directory"), onApplications: @escaping @Sendable ([String]) -> Void = { _ in },
    makeEndpoint: @escaping ServiceDirectory.EndpointFactory
  ) {
    self.init(
      consumer: consumer, registries: registries, protocols: protocols, context: context, log: log, awaitsRules: false,
      allowance: ConnectionAllowance(), onApplications: onApplications, makeEndpoint: makeEndpoint)
  }

  /// - Parameters:
  ///   - awaitsRules: whether the first calls also wait for `rulesAreKnown(of:)`, a second at most.
  ///   - allowance: what `connectEarly` may take.
  package init(
    consumer: DubboURL, registries: [any Registry], protocols: Set<String>, context: ChoiceContext, log: Log,
    awaitsRules: Bool, allowance: ConnectionAllowance, onApplications: @escaping @Sendable ([String]) -> Void,
    makeEndpoint: @escaping ServiceDirectory.EndpointFactory
  ) {
    self.onApplications = onApplications
    self.consumer = consumer
    self.registries = registries
    service = ServiceKey(consumer)
    clock = context.clock
    self.log = log.with(["service": service])
    let filter = ProviderFilter(service: service, consumer: consumer, protocols: protocols)
    self.filter = filter
    choice = context
    directory = ServiceDirectory(
      service: service, consumer: consumer, context: context, awaitsRules: awaitsRules
    ) { provider in try makeEndpoint(filter.merged(provider)) }
    early = EarlyConnections(allowance, context, self.log)
    inbox = Inbox(count: registries.count)
    rejected = Mutex(Array(repeating: "", count: registries.count))
    overrides = Mutex(OverrideSources(registries: registries.count))
    caches = registries.map { [service] in ProviderCache(registry: $0.url, service: service) }
  }

  public var snapshot: DirectorySnapshot { directory.snapshot }

  public func list(_ invocation: Invocation) async throws -> Roster {
    do {
      return try await directory.list(invocation)
    } catch {
      throw explained(error)
    }
  }

  /// What each router does with `invocation`, and why. Waits for the first providers as a call does; throws when there
  /// are none.
  public func explain(_ invocation: Invocation) async throws -> RouteExplanation {
    do {
      _ = try await list(invocation)
    } catch {
      // Routing that leaves nobody is what is to be explained.
      if snapshot.roster.isEmpty { throw error }
    }
    return snapshot.explain(invocation, choice)
  }

  /// Replaces the routing rules.
  public func update(rules: RuleSet) {
    directory.update(rules: rules)
  }

  /// Makes what `balances` need for each list of providers before a call sees it, where lists are applied, so that no
  /// call has to.
  package func prepare(for balances: BalanceTable) async {
    await onWorker { directory.prepare(for: balances) }
  }

  /// Has connections opened to all providers, now and when they come, before calls need them.
  package func connectEarly() {
    early.want()
  }

  /// Says that the live rules of the service and of these applications have been handed over.
  package func rulesAreKnown(of applications: [String]) {
    directory.rulesAreKnown(of: applications)
  }

  /// Replaces the override rules of the config center, and closes the endpoints of the providers that they take out.
  package func update(overrides rules: OverrideSet) async {
    await update { $0.ofCenter = rules }
  }

  /// The override rules that hold, and then those of each change, of providers and of calls. Who is slow misses some in
  /// between.
  package var overrideChanges: AsyncStream<OverrideSet> {
    overrides.withLock { sources in
      let changes = overrideFeed.values(of: "")
      overrideFeed.publish(for: "") { $0 == nil ? sources.joined : nil }
      return changes
    }
  }

  private func update(_ edit: (inout OverrideSources) -> Void) async {
    // Applied under the lock, so that of two changes the later one is the last to apply.
    let retired = overrides.withLock { sources in
      edit(&sources)
      let rules = sources.joined
      defer { overrideFeed.publish(for: "") { $0 == rules ? nil : rules } }
      return directory.update(overrides: rules).retired
    }
    early.providersChanged()
    await withDiscardingTaskGroup { group in
      for endpoint in retired { group.addTask { await endpoint.close() } }
    }
  }

  /// Watches the registries until the task is cancelled; then lets running calls end and closes all endpoints.
  public func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.early.run { self.snapshot } }
      for (place, registry) in registries.enumerated() {
        group.addTask { [inbox, service] in
          for await snapshot in registry.subscribe(to: service) { inbox.put(snapshot, from: place) }
        }
        guard let configurators = registry.configurators(of: service) else { continue }
        group.addTask {
          for await urls in configurators { await self.update { $0.ofRegistries[place] = urls } }
        }
      }
      var union = ProviderUnion(filter: filter, sources: registries.count, protection: protection)
      var rulesDue: MonotonicInstant?
      while !Task.isCancelled {
        var isChanged = union.believe(now: clock.now)
        for (place, told) in inbox.takeAll() {
          let snapshot = await completed(told, place, isKnown: union.isKnown(place))
          report(union.apply(snapshot, from: place, now: clock.now), from: place)
          isChanged = true
        }
        if isChanged {
          for endpoint in apply(union) { group.addTask { await endpoint.close() } }
        }
        if let due = rulesDue, directory.isWaiting, due <= clock.now {
          log.warning("the config center has not told its rules; calls begin without them")
          directory.stopWaiting()
        }
        if rulesDue == nil, !union.providers.isEmpty { rulesDue = clock.now.advanced(by: Self.rulePatience) }
        let wakes = [union.nextBelief, directory.isWaiting ? rulesDue : nil].compactMap { $0 }
        await inbox.bell.wait(until: wakes.min(), clock)
      }
    }
    await withDiscardingTaskGroup { group in
      for endpoint in directory.close() { group.addTask { await endpoint.close() } }
    }
  }

  /// Keeps a good list on disk; gives a registry that is down from the start the list that was kept.
  private func completed(_ told: RegistrySnapshot, _ place: Int, isKnown: Bool) async -> RegistrySnapshot {
    guard let cache = caches[place] else { return told }
    if told.trouble == nil {
      if !told.providers.isEmpty {
        do {
          try await onWorker { try cache.store(told.providers) }
        } catch {
          log.warning("cannot keep the providers on disk", ["error": "\(error)"])
        }
      }
      return told
    }
    guard !isKnown, told.providers.isEmpty else { return told }
    var snapshot = told
    snapshot.providers = await onWorker { cache.load() }
    if !snapshot.providers.isEmpty {
      log.warning(
        "starts with the providers of the last time", ["count": snapshot.providers.count, "reason": told.trouble ?? ""])
    }
    return snapshot
  }

  private var protection: Duration? {
    let isOn = registries.contains { $0.url[EmptyProtectionKey.self] } && consumer[EmptyProtectionKey.self]
    return isOn ? registries.map { $0.url[EmptyProtectionDelayKey.self] }.max() : nil
  }

  /// Hands the union to the directory; returns the endpoints to close.
  private func apply(_ union: ProviderUnion) -> [any Endpoint] {
    troubles.withLock { $0 = union.troubles }
    for trouble in union.troubles { log.warning("a registry cannot tell who provides", ["reason": trouble]) }
    let providers = union.providers
    onApplications(Set(providers.compactMap(\.application)).sorted())
    let change = directory.update(providers)
    early.providersChanged()
    for (url, reason) in change.refused {
      log.warning("left out a provider that cannot be used", ["url": url, "reason": reason])
    }
    if union.isProtected {
      log.warning("a registry lists no provider any more; the last ones are used until that is certain")
    }
    if change.added > 0 || !change.retired.isEmpty {
      log.info(
        "providers changed", ["added": change.added, "kept": change.kept, "gone": change.retired.count])
    }
    if union.isKnown, union.providers.isEmpty, !consumer.check { directory.stopWaiting() }
    return change.retired
  }

  private func report(_ rejections: ProviderFilter.Rejections, from place: Int) {
    let found = filter.found(rejections)
    rejected.withLock { $0[place] = found }
    guard rejections.overLimit > 0 || rejections.otherProtocol > 0 else { return }
    log.warning(
      "left out providers",
      [
        "of other protocols": rejections.otherProtocol,
        "over the limit of \(ProviderFilter.limit)": rejections.overLimit,
      ])
  }

  /// `error` with what the registries say, where nobody was found.
  private func explained(_ error: any Error) -> DubboError {
    var error = DubboError.wrapping(error)
    guard error.reason == .noProvider else { return error }
    let troubles = troubles.withLock { $0 }
    let places = registries.map { $0.url.description }.joined(separator: ", ")
    let found = rejected.withLock { $0 }.filter { !$0.isEmpty }.joined(separator: "; ")
    error.message +=
      " (looked in \(places)\(found.isEmpty || !snapshot.roster.isEmpty ? "" : "; found \(found)")"
      + "\(troubles.isEmpty ? "" : "; trouble: \(troubles.joined(separator: "; "))"))"
    return error
  }
}

/// The newest snapshot of each registry, until the directory has taken it.
private final class Inbox: Sendable {
  let bell = Doorbell()
  private let snapshots: Mutex<[RegistrySnapshot?]>

  init(count: Int) {
    snapshots = Mutex(Array(repeating: nil, count: count))
  }

  func put(_ snapshot: RegistrySnapshot, from place: Int) {
    snapshots.withLock { $0[place] = snapshot }
    bell.ring()
  }

  func takeAll() -> [(place: Int, snapshot: RegistrySnapshot)] {
    snapshots.withLock { snapshots in
      defer { snapshots = Array(repeating: nil, count: snapshots.count) }
      return snapshots.enumerated().compactMap { place, snapshot in snapshot.map { (place, $0) } }
    }
  }
}
