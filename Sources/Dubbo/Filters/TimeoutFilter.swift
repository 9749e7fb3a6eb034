internal import DubboCore

/// Does not begin a call whose time is over, and on the provider's side says once a minute which methods exceed theirs.
struct TimeoutFilter: Filter {
  private let context: FilterContext
  private let pacer = LogPacer()

  init(_ context: FilterContext) {
    self.context = context
  }

  func invoke(_ invocation: Invocation, next: (Invocation) async throws -> Reply) async throws -> Reply {
    guard let deadline = invocation.deadline else { return try await next(invocation) }
    guard context.clock.now < deadline else {
      throw DubboError(
        .deadlineExceeded, "the deadline of \(invocation.method) had passed before it began", reason: .deadline,
        progress: .notSent)
    }
    guard context.side == .provider else { return try await next(invocation) }
    defer {
      let now = context.clock.now
      if now > deadline {
        pacer.log(
          context.log, .warning, key: invocation.method.path, now: now,
          "a method took longer than its caller waits",
          ["method": invocation.method, "late": deadline.duration(to: now)])
      }
    }
    return try await next(invocation)
  }
}
