public import DubboCore

/// `available`: the first provider of the list that is available, without balancing.
public struct AvailableCluster: Invoker {
  private let context: ClusterContext

  public init(_ context: ClusterContext) {
    self.context = context
  }

  public func invoke(_ invocation: Invocation) async throws -> Reply {
    let roster = try await context.directory.list(invocation)
    let reachable = invocation.reachable(among: roster.candidates)
    let now = context.clock.now
    // An outlier is still called when nobody else is left.
    guard
      let candidate = reachable.first(where: { $0.isUsable(now: now) })
        ?? reachable.first(where: { $0.endpoint.availability != .unavailable })
    else {
      throw DubboError(
        .unavailable, "none of the \(roster.count) providers of \(context.directory.service) is available",
        reason: .noProvider, progress: .notSent)
    }
    return try await context.attempt(invocation, at: candidate, among: roster)
  }
}
