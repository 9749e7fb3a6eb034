internal import Synchronization

/// Counts what is open and lets one task wait until nothing is. For any thread.
final class CountedWait: Sendable {
  private struct State {
    var count = 0
    // Taken out under the lock and resumed by whoever took it.
    var waiter: UnsafeContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  func enter() {
    state.withLock { $0.count += 1 }
  }

  func leave() {
    let waiter = state.withLock { state in
      state.count -= 1
      return state.count == 0 ? state.waiter.take() : nil
    }
    waiter?.resume()
  }

  /// Returns when the count is zero; throws when the task is cancelled first.
  func untilZero() async throws {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let resumeNow = state.withLock { state in
          if state.count == 0 || Task.isCancelled || state.waiter != nil { return true }
          state.waiter = continuation
          return false
        }
        if resumeNow { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiter.take() }?.resume()
    }
    try Task.checkCancellation()
  }
}
