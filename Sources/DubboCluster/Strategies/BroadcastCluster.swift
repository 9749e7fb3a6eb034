public import DubboCore

/// `broadcast`: every provider in turn, as for emptying caches. Fails at the end when any of them failed, and names
/// each; stops early when `broadcast.fail.percent` of them have failed. Streams are refused.
public struct BroadcastCluster: Invoker {
  private let context: ClusterContext

  public init(_ context: ClusterContext) {
    self.context = context
  }

  public func invoke(_ invocation: Invocation) async throws -> Reply {
    try invocation.mustNotStream("broadcast")
    let roster = try await context.directory.list(invocation)
    let percent = context.options(invocation.method.name).broadcastFailPercent
    let limit = percent >= 100 ? Int.max : max(1, roster.count * percent / 100)
    var reply: Reply?
    var failures: [(address: String, error: DubboError)] = []
    for candidate in roster.candidates where failures.count < limit {
      do {
        reply = try await context.attempt(invocation, at: candidate, among: roster)
      } catch {
        let failure = DubboError.wrapping(error)
        if failure.reason == .cancellation { throw failure }
        failures.append((candidate.address, failure))
      }
    }
    if let last = failures.last {
      var error = last.error
      let list = failures.map { "\($0.address): \($0.error.code): \($0.error.message)" }.joined(separator: "; ")
      error.message = "\(failures.count) of \(roster.count) providers failed: \(list)"
      throw error
    }
    return reply ?? Reply()
  }
}
