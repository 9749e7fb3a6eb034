public import DubboCore
internal import Synchronization

/// `failback`: one attempt; when it fails the caller gets an empty reply and the call is made again in the background,
/// every 5 s, at most `retries` times. For notifications that must arrive some time.
///
/// At most `failbacktasks` calls (100) are kept; beyond that the failure is the caller's. `run()` makes the background
/// attempts and must run as long as the cluster is used; calls that are left when it ends are logged and dropped.
public final class FailbackCluster: Invoker, BackgroundWork {
  private struct Kept {
    var invocation: Invocation
    var due: MonotonicInstant
    var attemptsLeft: Int
  }

  private struct State {
    var kept: [Kept] = []
    var isRunning = false
    // Resumed by whoever takes it out, under the lock.
    var sleeper: CheckedContinuation<Void, Never>?
  }

  private static let period: Duration = .seconds(5)

  private let context: ClusterContext
  private let limit: Int
  private let state = Mutex(State())

  public init(_ context: ClusterContext) {
    self.context = context
    limit = min(max(0, context.url[FailbackTasksKey.self]), 100_000)
  }

  /// Calls that wait for their next attempt.
  public var keptCount: Int { state.withLock { $0.kept.count } }

  public func invoke(_ invocation: Invocation) async throws -> Reply {
    do {
      return try await context.invokeOnce(invocation)
    } catch {
      let failure = DubboError.wrapping(error)
      guard failure.reason != .cancellation, !invocation.isStreamed else { throw failure }
      let retries = context.options(invocation.method.name).retries
      guard keep(invocation, attemptsLeft: retries) else { throw failure }
      context.log.warning(
        "a call failed and is made again in the background", ["method": invocation.method, "error": failure])
      return Reply()
    }
  }

  public func run() async {
    await withTaskCancellationHandler {
      while !Task.isCancelled {
        guard let next = state.withLock({ $0.kept.first }) else {
          await waitForWork()
          continue
        }
        do { try await context.clock.sleep(until: next.due) } catch { break }
        await makeNextAttempt()
      }
    } onCancel: {
      state.withLock { $0.sleeper.take() }?.resume()
    }
    let dropped = state.withLock { state in
      defer { state.kept = [] }
      return state.kept.count
    }
    if dropped > 0 { context.log.warning("calls that were to be made again are dropped", ["count": dropped]) }
  }

  private func keep(_ invocation: Invocation, attemptsLeft: Int) -> Bool {
    guard attemptsLeft > 0 else { return false }
    var later = invocation
    // Its caller no longer waits.
    later.deadline = nil
    let due = context.clock.now.advanced(by: Self.period)
    let (isKept, sleeper) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
      guard state.kept.count < limit else { return (false, nil) }
      state.kept.append(Kept(invocation: later, due: due, attemptsLeft: attemptsLeft))
      return (true, state.sleeper.take())
    }
    sleeper?.resume()
    return isKept
  }

  private func makeNextAttempt() async {
    let taken: Kept? = state.withLock { $0.kept.isEmpty ? nil : $0.kept.removeFirst() }
    guard let taken else { return }
    var invocation = taken.invocation
    invocation.deadline = context.clock.now.advanced(by: context.url.timeout)
    do {
      _ = try await context.invokeOnce(invocation)
    } catch {
      if !keep(taken.invocation, attemptsLeft: taken.attemptsLeft - 1) {
        context.log.error(
          "a call failed for good after its attempts in the background",
          ["method": invocation.method, "error": DubboError.wrapping(error)])
      }
    }
  }

  private func waitForWork() async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if !state.kept.isEmpty || Task.isCancelled { return true }
        state.sleeper = continuation
        return false
      }
      if isThere { continuation.resume() }
    }
  }
}

/// Something that works beside its calls: whoever made it keeps `run()` running, in a task group, until it is done
/// with it.
public protocol BackgroundWork: Sendable {
  /// Works until its task is cancelled.
  func run() async
}
