public import DubboCore

/// `random`: each provider with a probability in proportion to its weight. Dubbo's default.
public struct RandomLoadBalance: LoadBalance {
  public init() {}

  public func select(from roster: Roster, for invocation: Invocation, _ context: ChoiceContext) -> Candidate? {
    roster.draw(
      method: invocation.method.name, wallMilliseconds: context.clock.wallMilliseconds, context.random)
  }
}
