public import DubboCore
internal import Synchronization

/// A directory whose providers come and go, as a registry tells them.
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
    /// An empty list came and the old one was kept.
    public var isProtected = false
  }

  public let service: ServiceKey
  private let context: ChoiceContext
  private let makeEndpoint: EndpointFactory
  private let state: Mutex<State>
  private let gate = ProviderGate()

  private struct State {
    var snapshot: DirectorySnapshot
    /// By address and protocol: what tells one provider from another.
    var candidates: [String: Candidate] = [:]
    var isClosed = false
  }

  public init(
    service: ServiceKey, context: ChoiceContext = ChoiceContext(), makeEndpoint: @escaping EndpointFactory
  ) {
    self.service = service
    self.context = context
    self.makeEndpoint = makeEndpoint
    let empty = Roster([], wallMilliseconds: context.clock.wallMilliseconds)
    state = Mutex(State(snapshot: DirectorySnapshot(version: 0, roster: empty)))
  }

  public var snapshot: DirectorySnapshot { state.withLock { $0.snapshot } }

  public func list(_ invocation: Invocation) async throws -> Roster {
    if !gate.isOpen { try await waitForProviders(invocation) }
    return try snapshot.routed(invocation, service: service, context)
  }

  /// Replaces the providers by those of `urls`, in their order. Of two with one protocol and address the later counts.
  ///
  /// - Parameter allowsEmpty: false keeps the present providers when `urls` is empty (Dubbo's empty protection).
  /// Updates must not run at the same time; whoever watches the registry makes them one after another.
  public func update(_ urls: [DubboURL], allowsEmpty: Bool = true) -> Change {
    let known = state.withLock { $0.candidates }
    var change = Change()
    if urls.isEmpty, !allowsEmpty, !known.isEmpty {
      change.isProtected = true
      change.kept = known.count
      return change
    }
    var candidates: [String: Candidate] = [:]
    candidates.reserveCapacity(urls.count)
    var order: [String] = []
    order.reserveCapacity(urls.count)
    for url in urls {
      let identity = "\(url.scheme)://\(url.address)"
      if candidates[identity] == nil { order.append(identity) }
      do {
        candidates[identity] = try candidate(for: url, known: candidates[identity] ?? known[identity])
      } catch {
        if candidates[identity] == nil { order.removeLast() }
        change.refused.append((url, "\(error)"))
      }
    }
    let list = order.compactMap { candidates[$0] }
    let roster = Roster(list, wallMilliseconds: context.clock.wallMilliseconds)
    let isClosed = state.withLock { state in
      guard !state.isClosed else { return true }
      state.snapshot = DirectorySnapshot(version: state.snapshot.version + 1, roster: roster)
      state.candidates = candidates
      return false
    }
    if isClosed {
      change.retired = candidates.filter { known[$0.key] == nil }.map(\.value.endpoint)
      return change
    }
    change.kept = candidates.count { known[$0.key] != nil }
    change.added = candidates.count - change.kept
    change.retired = known.filter { candidates[$0.key] == nil }.map(\.value.endpoint)
    if !list.isEmpty { gate.open() }
    return change
  }

  /// Says that waiting for providers is in vain, as when the registry cannot be reached and need not be (`check=false`):
  /// calls fail at once until providers come.
  public func stopWaiting() {
    gate.open()
  }

  /// Takes all providers out and returns their endpoints for closing; calls fail from now on.
  public func close() -> [any Endpoint] {
    let retired = state.withLock { state in
      defer {
        state.isClosed = true
        state.candidates = [:]
        let empty = Roster([], wallMilliseconds: context.clock.wallMilliseconds)
        state.snapshot = DirectorySnapshot(version: state.snapshot.version + 1, roster: empty)
      }
      return state.candidates.values.map(\.endpoint)
    }
    gate.open()
    return retired
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
