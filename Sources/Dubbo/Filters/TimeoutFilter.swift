internal import DubboCore

/// Does not begin a call whose time is over, which on the provider's side its protocol sees to; there says once a
/// minute which methods exceed theirs.
struct TimeoutFilter: BracketFilter {
  private let context: FilterContext
  private let pacer = LogPacer()

  init(_ context: FilterContext) {
    self.context = context
  }

  func begin(_ invocation: inout Invocation) throws {
    guard context.side == .consumer, let deadline = invocation.deadline, context.clock.now >= deadline else { return }
    throw DubboError(
      .deadlineExceeded, "the deadline of \(invocation.method) had passed before it began", reason: .deadline,
      progress: .notSent)
  }

  func end(_ invocation: Invocation, _ error: (any Error)?) {
    guard context.side == .provider, let deadline = invocation.deadline else { return }
    let now = context.clock.now
    guard now > deadline else { return }
    pacer.log(
      context.log, .warning, key: invocation.method.path, now: now, "a method took longer than its caller waits",
      ["method": invocation.method, "late": deadline.duration(to: now)])
  }
}
