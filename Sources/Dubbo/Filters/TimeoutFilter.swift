internal import DubboCore

/// `timeout` on the consumer's side: does not begin a call whose time is over.
struct ConsumerTimeoutFilter: BracketFilter {
  let clock: any DubboClock

  func begin(_ invocation: inout Invocation) throws {
    guard let deadline = invocation.deadline, clock.now >= deadline else { return }
    throw DubboError(
      .deadlineExceeded, "the deadline of \(invocation.method) had passed before it began", reason: .deadline,
      progress: .notSent)
  }
}

/// `timeout` on the provider's side, where the protocol ends the call: says once a minute which methods exceed their
/// deadline.
struct ProviderTimeoutFilter: BracketFilter {
  private let clock: any DubboClock
  private let log: Log
  private let pacer = LogPacer()

  init(_ context: FilterContext) {
    clock = context.clock
    log = context.log
  }

  var actsAtBegin: Bool { false }

  func end(_ invocation: Invocation, _ error: (any Error)?) {
    guard let deadline = invocation.deadline else { return }
    let now = clock.now
    guard now > deadline else { return }
    pacer.log(
      log, .warning, key: invocation.method.path, now: now, "a method took longer than its caller waits",
      ["method": invocation.method, "late": deadline.duration(to: now)])
  }
}
