internal import DubboCore

extension ClusterContext {
  /// One provider, chosen by the balancer, and one attempt at it.
  func invokeOnce(_ invocation: Invocation) async throws -> Reply {
    let roster = try await directory.list(invocation)
    let selection = selection(for: invocation, options(invocation.method.name))
    guard let candidate = selection.next(from: roster, for: invocation, tried: []) else {
      throw DubboError.noProvider(of: directory.service, invocation.method, routedAwayFrom: roster.count)
    }
    return try await attempt(invocation, at: candidate, among: roster)
  }
}

extension Invocation {
  /// A strategy that makes several attempts at once, or joins replies, cannot do so with a caller's streams.
  var isStreamed: Bool {
    if case .exchange = body { return true }
    return false
  }

  func mustNotStream(_ strategy: String) throws {
    guard isStreamed else { return }
    throw DubboError(
      .invalidArgument,
      "the cluster strategy \"\(strategy)\" cannot carry the stream \(method); use failover or failfast",
      reason: .configuration, progress: .notSent)
  }
}
