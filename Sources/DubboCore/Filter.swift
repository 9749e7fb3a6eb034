/// A layer around every call: it may change the invocation, answer by itself, look at the outcome, or fail the call.
///
/// Streams pass through `next` whole. A filter that wants their messages wraps the body's exchange (caller) or the
/// inbound stream (provider).
public protocol Filter: Sendable {
  /// Calls `next` once to go on, more often to try again, or not at all to answer by itself.
  func invoke(
    _ invocation: Invocation, next: (Invocation) async throws -> Reply
  ) async throws -> Reply
}

/// Filters around an invoker, the first outermost.
public struct FilteredInvoker: Invoker {
  private let filters: [any Filter]
  private let terminal: any Invoker

  public init(_ filters: [any Filter], around terminal: any Invoker) {
    self.filters = filters
    self.terminal = terminal
  }

  public func invoke(_ invocation: Invocation) async throws -> Reply {
    try await run(from: 0, invocation)
  }

  private func run(from index: Int, _ invocation: Invocation) async throws -> Reply {
    guard index < filters.count else { return try await terminal.invoke(invocation) }
    return try await filters[index].invoke(invocation) { try await run(from: index + 1, $0) }
  }
}
