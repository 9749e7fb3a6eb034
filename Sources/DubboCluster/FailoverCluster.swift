public import DubboCore

/// `failover`, Dubbo's default: a call that failed for a reason that another attempt can cure goes to another
/// provider, at most `retries` times besides the first, within the one deadline.
///
/// What may be tried again is decided from facts (`RetryDecision`). A streamed request is replayed from a record of
/// at most 64 KiB until the first answer commits the call.
public struct FailoverCluster: Invoker {
  private let context: ClusterContext

  public init(_ context: ClusterContext) {
    self.context = context
  }

  public func invoke(_ invocation: Invocation) async throws -> Reply {
    context.budget.deposit(now: context.clock.now)
    let options = context.options[invocation.method.name]
    var loop = AttemptLoop(
      context, invocation, retries: options.retries, isIdempotent: invocation.isIdempotent || options.isIdempotent)
    switch invocation.body {
    case .exchange(let exchange):
      return try await ReplayedExchange.run(exchange) { [loop] replay in
        var loop = loop
        return try await loop.run(invocation, isCommitted: { replay.isDecided }) { candidate in
          try await candidate.attempt(replay.attempt(of: invocation), context.clock)
        }.reply
      }
    case .message, .inbound:
      return try await loop.run(invocation, isCommitted: { false }) { candidate in
        try await candidate.attempt(invocation, context.clock)
      }.reply
    }
  }
}
