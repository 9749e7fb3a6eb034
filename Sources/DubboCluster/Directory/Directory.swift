public import DubboCore

/// The providers of one service, as a cluster asks for them.
public protocol Directory: Sendable {
  /// The service.
  var service: ServiceKey { get }
  /// What is known now, without waiting.
  var snapshot: DirectorySnapshot { get }

  /// The candidates that may take `invocation`, routing done; never empty.
  ///
  /// Waits for the first providers until the invocation's deadline and no longer. Throws `DubboError`: `UNAVAILABLE`
  /// with the reason `noProvider` when nobody provides the service or routing leaves nobody. Asked before every
  /// attempt, so a retry sees what has changed since.
  func list(_ invocation: Invocation) async throws -> Roster
}

/// The candidates of a service at one moment, and the rules that choose among them: immutable, read without a lock.
public final class DirectorySnapshot: Sendable {
  /// Grows by one with every change of the directory.
  public let version: Int
  /// All candidates, before routing.
  public let roster: Roster
  /// What override rules say of calls; references that share a directory apply it each to its own URL.
  private let overrides: OverrideSet
  /// What the first provider says of calls; as in Dubbo, that holds where the consumer says nothing.
  private let defaults: URLParameters
  private let service: ServiceKey
  private let routes: RouteTable

  public convenience init(
    version: Int, roster: Roster, rules: RuleSet = RuleSet(), service: ServiceKey, consumer: DubboURL? = nil,
    wallMilliseconds: Int64
  ) {
    self.init(
      version: version, roster: roster, rules: rules, overrides: OverrideSet(), service: service, consumer: consumer,
      wallMilliseconds: wallMilliseconds)
  }

  init(
    version: Int, roster: Roster, rules: RuleSet, overrides: OverrideSet, service: ServiceKey, consumer: DubboURL?,
    wallMilliseconds: Int64
  ) {
    self.version = version
    self.roster = roster
    self.overrides = overrides
    defaults = Self.defaults(roster)
    self.service = service
    let consumer = consumer ?? DubboURL(scheme: "consumer", host: "", path: service.interface)
    routes = RouteTable(
      roster, rules: rules, service: service, consumer: consumer, wallMilliseconds: wallMilliseconds)
  }

  /// What providers may say of calls, each also per method.
  private static let providersSay = [
    TimeoutKey.name, RetriesKey.name, LoadBalanceKey.name, HashArgumentsKey.name, HashNodesKey.name,
  ]

  private static func defaults(_ roster: Roster) -> URLParameters {
    var defaults: URLParameters = [:]
    // Go's providers write what they do not say as an empty text.
    for element in roster.candidates.first?.url.parameters ?? [:] where !element.value.isEmpty {
      if providersSay.contains(where: { element.name == $0 || element.name.hasSuffix(".\($0)") }) {
        defaults[element.name] = element.value
      }
    }
    return defaults
  }

  /// Whether a consumer's URL may not be all that says how it calls.
  package var changesCalls: Bool { !overrides.isEmpty || !defaults.isEmpty }

  /// `url`, a consumer's, with what it leaves to the providers, and as the override rules have it.
  package func effective(_ url: DubboURL) -> DubboURL {
    var url = url
    for element in defaults where url[element.name] == nil { url[element.name] = element.value }
    return overrides.applied(to: url, side: .consumer, service: service, localHost: url.host)
  }

  /// The candidates that may take `invocation`; empty when the rules leave nobody.
  public func route(_ invocation: Invocation, _ context: ChoiceContext) -> Roster {
    routes.route(invocation, context)
  }

  /// What each router does with `invocation`, and why.
  public func explain(_ invocation: Invocation, _ context: ChoiceContext = ChoiceContext()) -> RouteExplanation {
    routes.explain(invocation, context)
  }
}

extension DirectorySnapshot {
  /// The candidates that may take `invocation`, or the error that says why there is none.
  func routed(_ invocation: Invocation, service: ServiceKey, _ context: ChoiceContext) throws -> Roster {
    let routed = route(invocation, context)
    if routed.isEmpty { throw DubboError.noProvider(of: service, invocation.method, routedAwayFrom: roster.count) }
    return routed
  }
}

extension DubboError {
  static func noProvider(
    of service: ServiceKey, _ method: MethodDescriptor, routedAwayFrom count: Int
  ) -> DubboError {
    let text =
      count == 0
      ? "nobody provides \(service); is a provider running, and do both sides use the same registry, group and version?"
      : "the routing rules leave none of the \(count) providers of \(service) for \(method.name); see the rules' "
        + "conditions and tags"
    return DubboError(.unavailable, text, reason: .noProvider, progress: .notSent)
  }
}
