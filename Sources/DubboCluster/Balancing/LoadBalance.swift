public import DubboCore

/// Chooses the provider of a call among those that routing left.
public protocol LoadBalance: Sendable {
  /// One of `roster`'s candidates; nil only when it is empty. Called for every attempt of every call.
  ///
  /// Need not look at availability: whoever asks does, and asks again.
  func select(from roster: Roster, for invocation: Invocation, _ context: ChoiceContext) -> Candidate?

  /// Makes what choices among `roster` need and what takes long to make, for `Roster.cached` to keep. Called when a
  /// reference is made, perhaps before it has providers, and never on an event loop; what a list has is made for each
  /// list after it, before a call sees that. A choice must do without, if slower. By default nothing.
  func prepare(_ roster: Roster)

  /// Adds to the invocation what the balancer wants providers to answer. By default nothing.
  func prepare(_ invocation: inout Invocation)

  /// Looks at what a provider answered to a call of `method`; of an answer that is an error only the trailers. By default
  /// not at all.
  func learn(from reply: Reply, of candidate: Candidate, method: String, _ context: ChoiceContext)
}

extension LoadBalance {
  public func prepare(_ roster: Roster) {}
  public func prepare(_ invocation: inout Invocation) {}
  public func learn(from reply: Reply, of candidate: Candidate, method: String, _ context: ChoiceContext) {}
}

/// What a choice may use besides the candidates: time and chance, both of which tests own.
public struct ChoiceContext: Sendable {
  public let clock: any DubboClock
  public let random: RandomSource
  /// Whether providers that cannot be reached are passed over (`cluster.availablecheck`).
  public var avoidsUnavailable = true

  public init(clock: any DubboClock = SystemClock(), random: RandomSource = RandomSource()) {
    self.clock = clock
    self.random = random
  }

  /// Whether a call should rather go to `candidate` than to one that is not usable.
  public func isUsable(_ candidate: Candidate, now: MonotonicInstant) -> Bool {
    avoidsUnavailable ? candidate.isUsable(now: now) : !candidate.numbers.isEjected(now: now)
  }
}

/// The extension point of load balances; the name is what `loadbalance=` says. The URL is the consumer's.
public enum LoadBalances: ExtensionPoint {
  public typealias Factory = @Sendable (DubboURL) throws -> any LoadBalance
  public static let name = "loadbalance"
}
