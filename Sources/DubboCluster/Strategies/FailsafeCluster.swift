public import DubboCore

/// `failsafe`: one attempt; its failure is logged and the caller gets an empty reply. For calls whose loss is
/// acceptable, such as audit records. A call that its caller ended still fails.
public struct FailsafeCluster: Invoker {
  private let context: ClusterContext

  public init(_ context: ClusterContext) {
    self.context = context
  }

  public func invoke(_ invocation: Invocation) async throws -> Reply {
    do {
      return try await context.invokeOnce(invocation)
    } catch {
      let failure = DubboError.wrapping(error)
      if failure.reason == .cancellation { throw failure }
      context.log.warning(
        "a call failed and its caller is spared the failure", ["method": invocation.method, "error": failure])
      return Reply()
    }
  }
}
