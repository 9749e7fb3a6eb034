public import DubboCore

/// Chooses the provider of a call among those that routing left.
public protocol LoadBalance: Sendable {
  /// One of `roster`'s candidates; nil only when it is empty. Called for every attempt of every call.
  ///
  /// Need not look at availability: whoever asks does, and asks again.
  func select(from roster: Roster, for invocation: Invocation, _ context: ChoiceContext) -> Candidate?
}

/// What a choice may use besides the candidates: time and chance, both of which tests own.
public struct ChoiceContext: Sendable {
  public let clock: any DubboClock
  public let random: RandomSource

  public init(clock: any DubboClock = SystemClock(), random: RandomSource = RandomSource()) {
    self.clock = clock
    self.random = random
  }
}

/// The extension point of load balances; the name is what `loadbalance=` says. The URL is the consumer's.
public enum LoadBalances: ExtensionPoint {
  public typealias Factory = @Sendable (DubboURL) throws -> any LoadBalance
  public static let name = "loadbalance"
}
