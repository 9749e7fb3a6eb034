public import DubboCore

/// `leastactive`: the provider with the fewest of this consumer's calls under way; among equals by weight.
///
/// Calls are counted for the whole provider, whatever their method: that is what keeps it busy. (Java counts by method,
/// and only when `actives` is set.)
public struct LeastActive: LoadBalance {
  public init() {}

  public func select(from roster: Roster, for invocation: Invocation, _ context: ChoiceContext) -> Candidate? {
    LeastOf.choose(from: roster, for: invocation, context) { $0.numbers.inFlight }
  }
}
