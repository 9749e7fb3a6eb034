package import DubboCore
internal import Synchronization

/// Wakes one waiting task early; rings while nobody waits are remembered as one.
package final class Doorbell: Sendable {
  private struct State {
    var hasRung = false
    // Resumed exactly once: whoever takes it out of the state, under the lock, resumes it.
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  package init() {}

  package func ring() {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      let waiter = state.waiter.take()
      state.hasRung = waiter == nil
      return waiter
    }
    waiter?.resume()
  }

  /// Returns when it rings, or when the task is cancelled. One task at a time.
  package func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let resumeNow = state.withLock { state in
          if state.hasRung || Task.isCancelled || state.waiter != nil {
            state.hasRung = false
            return true
          }
          state.waiter = continuation
          return false
        }
        if resumeNow { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiter.take() }?.resume()
    }
  }

  /// Returns when it rings, at `instant` where there is one, or when the task is cancelled. One task at a time.
  package func wait(until instant: MonotonicInstant?, _ clock: any DubboClock) async {
    guard let instant else { return await wait() }
    await withTaskGroup { group in
      group.addTask { try? await clock.sleep(until: instant) }
      group.addTask { await self.wait() }
      await group.next()
      group.cancelAll()
    }
  }
}
