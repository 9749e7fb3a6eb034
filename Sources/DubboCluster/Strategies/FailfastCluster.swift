public import DubboCore

/// `failfast`: one attempt; its failure is the call's. For calls that must not run twice, whatever is known.
public struct FailfastCluster: Invoker {
  private let context: ClusterContext

  public init(_ context: ClusterContext) {
    self.context = context
  }

  public func invoke(_ invocation: Invocation) async throws -> Reply {
    try await context.invokeOnce(invocation)
  }
}
