public import DubboCore

/// `forking`: `forks` providers at once, and the first reply counts; the others are cancelled. Costs every provider
/// its share of work for a shorter wait; only for calls that may run several times. Streams are refused.
public struct ForkingCluster: Invoker {
  private let context: ClusterContext

  public init(_ context: ClusterContext) {
    self.context = context
  }

  public func invoke(_ invocation: Invocation) async throws -> Reply {
    try invocation.mustNotStream("forking")
    let options = context.options(invocation.method.name)
    let roster = try await context.directory.list(invocation)
    let selection = context.selection(for: invocation, options)
    var chosen: [Candidate] = []
    while chosen.count < min(options.forks, roster.count) {
      guard let next = selection.next(from: roster, for: invocation, tried: chosen), !chosen.contains(next) else {
        break
      }
      chosen.append(next)
    }
    return try await withThrowingTaskGroup(of: Result<Reply, DubboError>.self) { [context] group in
      for candidate in chosen {
        group.addTask {
          do {
            return .success(try await context.attempt(invocation, at: candidate, among: roster))
          } catch {
            return .failure(.wrapping(error))
          }
        }
      }
      defer { group.cancelAll() }
      var last: DubboError?
      for try await result in group {
        switch result {
        case .success(let reply): return reply
        case .failure(let error): last = error
        }
      }
      throw last?.afterAttempts(at: chosen)
        ?? DubboError.noProvider(of: context.directory.service, invocation.method, routedAwayFrom: roster.count)
    }
  }
}
