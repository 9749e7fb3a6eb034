public import DubboCore
internal import Synchronization

/// A directory whose providers and rules come and go, as registries and config centers tell them.
///
/// Providers that stay keep their endpoint and its connections through any update; a provider is made an endpoint
/// once. Readers never wait for an update: they see the snapshot before it or the one after it.
public final class ServiceDirectory: Directory {
  /// Makes the endpoint of a provider that is new.
  public typealias EndpointFactory = @Sendable (DubboURL) throws -> any Endpoint

  /// What an update changed.
  public struct Change: Sendable {
    /// Endpoints whose providers are gone. The caller closes them; calls that run on them may end.
    public var retired: [any Endpoint] = []
    public var added = 0
    public var kept = 0
    /// Providers that cannot be used, with the reason. They are left out, the others serve.
    public var refused: [(url: DubboURL, reason: String)] = []
  }

  public let service: ServiceKey
  private let consumer: DubboURL
  private let context: ChoiceContext
  private let makeEndpoint: EndpointFactory
  private let state: Mutex<State>
  /// Held through a whole update, so that two of them follow each other.
  private let updating: Mutex<Inputs>
  private let gate = ProviderGate()

  private struct State {
    var snapshot: DirectorySnapshot
    /// By what tells one provider from another.
    var candidates: [String: Candidate] = [:]
    var isClosed = false
  }

  private struct Inputs {
    var providers: [DubboURL] = []
    var rules = RuleSet()
    var overrides = OverrideSet()
    /// The applications whose rules are known, and "" when those of the service are; nil when nobody waits for rules.
    var ruled: Set<String>?

    init(awaitsRules: Bool = false) {
      if awaitsRules { ruled = [] }
    }
  }

  /// - Parameter consumer: the consumer's URL, which rules look at.
  public convenience init(
    service: ServiceKey, consumer: DubboURL? = nil, context: ChoiceContext = ChoiceContext(),
    makeEndpoint: @escaping EndpointFactory
  ) {
    self.init(service: service, consumer: consumer, context: context, awaitsRules: false, makeEndpoint: makeEndpoint)
  }

  /// - Parameter awaitsRules: whether the first calls wait until `rulesAreKnown(of:)`, besides for providers.
  package init(
    service: ServiceKey, consumer: DubboURL?, context: ChoiceContext, awaitsRules: Bool,
    makeEndpoint: @escaping EndpointFactory
  ) {
    updating = Mutex(Inputs(awaitsRules: awaitsRules))
    self.service = service
    self.consumer = consumer ?? DubboURL(scheme: "consumer", host: "", path: service.interface)
    self.context = context
    self.makeEndpoint = makeEndpoint
    let wall = context.clock.wallMilliseconds
    state = Mutex(
      State(
        snapshot: DirectorySnapshot(
          version: 0, roster: Roster([], wallMilliseconds: wall), service: service, consumer: consumer,
          wallMilliseconds: wall)))
  }

  public var snapshot: DirectorySnapshot { state.withLock { $0.snapshot } }

  public func list(_ invocation: Invocation) async throws -> Roster {
    if !gate.isOpen { try await waitForProviders(invocation) }
    return try snapshot.routed(invocation, service: service, context)
  }

  /// Replaces the providers by those of `urls`, in their order. Of two with one protocol, address, group and
  /// version the later counts.
  public func update(_ urls: [DubboURL]) -> Change {
    updating.withLock { inputs in
      inputs.providers = urls
      return rebuild(inputs)
    }
  }

  /// Replaces the routing rules. Those about other services and applications have no effect.
  public func update(rules: RuleSet) {
    updating.withLock { inputs in
      inputs.rules = rules
      _ = rebuild(inputs)
    }
  }

  /// Replaces the override rules; the endpoints that these take out are for the caller to close.
  package func update(overrides: OverrideSet) -> Change {
    updating.withLock { inputs in
      guard inputs.overrides != overrides else { return Change(kept: inputs.providers.count) }
      inputs.overrides = overrides
      return rebuild(inputs)
    }
  }

  /// Makes what `balances` need, for the list there is and from now on for each list before a call sees it. May take a
  /// fifth of a second: not for an event loop.
  package func prepare(for balances: BalanceTable) {
    updating.withLock { _ in balances.prepare(snapshot.roster) }
  }

  /// Says that the live rules of the service and of these applications have been handed over, so that calls of their
  /// providers may begin.
  package func rulesAreKnown(of applications: [String]) {
    updating.withLock { inputs in
      inputs.ruled?.formUnion(applications + [""])
      openIfReady(inputs, snapshot.roster)
    }
  }

  /// Whether calls still wait for the first providers and rules.
  package var isWaiting: Bool { !gate.isOpen }

  private func openIfReady(_ inputs: Inputs, _ roster: Roster) {
    guard !gate.isOpen, !roster.isEmpty else { return }
    if let ruled = inputs.ruled, !roster.candidates.allSatisfy({ ruled.contains($0.url.application ?? "") }) { return }
    gate.open()
  }

  /// Says that waiting for providers is in vain, as when the registry cannot be reached and need not be (`check=false`):
  /// calls fail at once until providers come.
  public func stopWaiting() {
    gate.open()
  }

  /// Takes all providers out and returns their endpoints for closing; calls fail from now on.
  public func close() -> [any Endpoint] {
    let retired = updating.withLock { inputs -> [any Endpoint] in
      inputs = Inputs()
      let retired = rebuild(inputs).retired
      state.withLock { $0.isClosed = true }
      return retired
    }
    gate.open()
    return retired
  }

  private func rebuild(_ inputs: Inputs) -> Change {
    let (known, version, isClosed) = state.withLock { ($0.candidates, $0.snapshot.version, $0.isClosed) }
    guard !isClosed else { return Change() }
    var change = Change()
    let localHost = consumer.host
    var candidates: [String: Candidate] = [:]
    candidates.reserveCapacity(inputs.providers.count)
    var order: [String] = []
    order.reserveCapacity(inputs.providers.count)
    for provider in inputs.providers {
      let url = inputs.overrides.applied(
        to: provider, side: .consumer, service: service, localHost: localHost, provider: provider)
      if url.isDisabled { continue }
      let identity = provider.providerIdentity
      let earlier = candidates[identity]
      do {
        candidates[identity] = try candidate(for: url, known: earlier ?? known[identity])
        if earlier == nil { order.append(identity) }
      } catch {
        change.refused.append((provider, "\(error)"))
      }
    }
    let list = order.compactMap { candidates[$0] }
    let wall = context.clock.wallMilliseconds
    let effective = inputs.overrides.applied(to: consumer, side: .consumer, service: service, localHost: localHost)
    let snapshot = DirectorySnapshot(
      version: version + 1, roster: Roster(list, wallMilliseconds: wall), rules: inputs.rules,
      overrides: inputs.overrides, service: service, consumer: effective, wallMilliseconds: wall)
    snapshot.roster.prepare(like: self.snapshot.roster)
    let earlier = state.withLock { state in
      defer { (state.snapshot, state.candidates) = (snapshot, candidates) }
      return state.snapshot
    }
    // Freed after the lock, which calls wait for, not under it.
    extendLifetime(earlier)
    change.kept = candidates.count { known[$0.key] != nil }
    change.added = candidates.count - change.kept
    // In an order that every run repeats.
    change.retired = known.filter { candidates[$0.key] == nil }.sorted { $0.key < $1.key }.map(\.value.endpoint)
    openIfReady(inputs, snapshot.roster)
    return change
  }

  private func candidate(for url: DubboURL, known: Candidate?) throws -> Candidate {
    guard let known else { return Candidate(url: url, endpoint: try makeEndpoint(url)) }
    return known.url == url ? known : known.with(url: url)
  }

  private func waitForProviders(_ invocation: Invocation) async throws {
    // A call without a deadline of its own waits no longer than Dubbo's default timeout.
    let deadline = invocation.deadline ?? context.clock.now.advanced(by: TimeoutKey.defaultValue)
    do {
      try await withDeadline(deadline, clock: context.clock) { [gate] in try await gate.wait() }
    } catch let error as DubboError where error.code == .deadlineExceeded {
      throw DubboError(
        .unavailable,
        "no provider of \(service) was found before the call's deadline; is one running, and do both "
          + "sides use the same registry, group and version?", reason: .noProvider, progress: .notSent)
    }
  }
}
