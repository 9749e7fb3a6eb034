/// Runs `operation` until `deadline` by `clock`; past it the operation's task is cancelled and `DEADLINE_EXCEEDED`
/// thrown as soon as the operation has returned. For waits above the transport; Triple keeps its own timers.
package func withDeadline<Result: Sendable>(
  _ deadline: MonotonicInstant?, clock: any DubboClock, _ operation: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  guard let deadline else { return try await operation() }
  return try await withThrowingTaskGroup(of: Result?.self) { group in
    group.addTask { try await operation() }
    group.addTask {
      try await clock.sleep(until: deadline)
      return nil
    }
    defer { group.cancelAll() }
    guard let first = try await group.next(), let result = first else {
      throw DubboError(.deadlineExceeded, "the deadline passed before the call ended", reason: .deadline)
    }
    return result
  }
}
