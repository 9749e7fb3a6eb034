public import DubboCore

/// `failover`, Dubbo's default: a call that failed for a reason that another attempt can cure goes to another
/// provider, at most `retries` times besides the first, within the one deadline.
///
/// One call may have its own number of retries, with the attachment `retries`. What may be tried again is decided from
/// facts (`RetryDecision`). A streamed request is replayed from a record of at most 64 KiB until the first answer commits
/// the call.
public struct FailoverCluster: Invoker {
  private let context: ClusterContext

  public init(_ context: ClusterContext) {
    self.context = context
  }

  public func invoke(_ invocation: Invocation) async throws -> Reply {
    context.budget.deposit(now: context.clock.now)
    var invocation = invocation
    let retries = invocation.takeRetries()
    var loop = AttemptLoop(context, invocation, retries: retries)
    guard case .exchange(let exchange) = invocation.body else {
      return try await loop.run(invocation, isCommitted: { false }) { candidate, roster in
        try await context.attempt(invocation, at: candidate, among: roster)
      }
    }
    try await context.settleTranslation(of: invocation)
    return try await ReplayedExchange.run(exchange, in: context.replays) { [loop, invocation] replay in
      var loop = loop
      return try await loop.run(invocation, isCommitted: { replay.isDecided }) { candidate, roster in
        try await context.attempt(replay.attempt(of: invocation), at: candidate, among: roster)
      }
    }
  }
}
