public import DubboCore

/// `adaptiveService`, Dubbo for Go's: providers that limit themselves are asked what they would still take, and the
/// balance `p2c` sends calls where most is left. Whoever refuses a call is passed over as by `failover`, which makes the
/// attempts.
public struct AdaptiveServiceCluster: Invoker {
  private let failover: FailoverCluster

  /// Throws when the consumer's URL wants a load balance that does not look at what providers report.
  public init(_ context: ClusterContext) throws {
    let suffix = ".\(LoadBalanceKey.name)"
    let wanted = context.url.parameters.filter { $0.name == LoadBalanceKey.name || $0.name.hasSuffix(suffix) }
    if let other = wanted.first(where: { $0.value != PowerOfTwoChoices.name }) {
      throw DubboError(
        .invalidArgument,
        "cluster=adaptiveService works with loadbalance=\(PowerOfTwoChoices.name) and not with \(other.name)=\(other.value)",
        reason: .configuration, progress: .notSent)
    }
    var context = context
    context.balances = BalanceTable(PowerOfTwoChoices())
    failover = FailoverCluster(context)
  }

  public func invoke(_ invocation: Invocation) async throws -> Reply {
    var invocation = invocation
    invocation.metadata[AdaptiveService.enabled] = AdaptiveService.isEnabled
    return try await failover.invoke(invocation)
  }
}
