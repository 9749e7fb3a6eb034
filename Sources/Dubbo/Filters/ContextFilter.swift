internal import DubboCore

/// On the consumer's side: says who calls, and lets a call that a provider's method makes inherit the smaller deadline
/// and the trace of the call that it serves.
struct ConsumerContextFilter: BracketFilter {
  /// Triple's header for the calling application (Dubbo Java's `TripleHeaderEnum`).
  static let applicationHeader = "tri-consumer-appname"

  private let applicationName: String?

  init(application: String) {
    // A value that a header cannot hold is left out and not found by every call.
    let isSound = !application.isEmpty && application.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    applicationName = isSound ? application : nil
  }

  func begin(_ invocation: inout Invocation) throws {
    if let applicationName { invocation.metadata.add(applicationName, for: Self.applicationHeader) }
    if let scope = CallScope.current {
      if let outer = scope.deadline { invocation.deadline = invocation.deadline.map { min($0, outer) } ?? outer }
      if let parent = scope.traceParent, invocation.metadata["traceparent"] == nil {
        invocation.metadata.add(parent, for: "traceparent")
        if let state = scope.traceState { invocation.metadata.add(state, for: "tracestate") }
      }
    }
  }
}

/// On the provider's side: opens the `CallScope` in which the method runs.
struct ProviderContextFilter: Filter {
  func invoke(_ invocation: Invocation, next: (Invocation) async throws -> Reply) async throws -> Reply {
    // Without either there is nothing to pass on.
    guard let context = invocation.server, context.deadline != nil || !context.metadata.isEmpty else {
      return try await next(invocation)
    }
    return try await CallScope.local.withValue(context) { try await next(invocation) }
  }
}
