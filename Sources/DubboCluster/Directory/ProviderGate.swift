internal import Synchronization

/// Holds calls back until the first providers are known; open for good after that.
final class ProviderGate: Sendable {
  private struct State {
    var isOpen = false
    var last: UInt64 = 0
    // Whoever takes a continuation out, under the lock, resumes it.
    var waiting: [UInt64: CheckedContinuation<Void, any Error>] = [:]
  }

  private let opened = Atomic<Bool>(false)
  private let state = Mutex(State())

  /// Without a lock: every call asks.
  var isOpen: Bool { opened.load(ordering: .acquiring) }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [:] }
      // In the order in which they came, so that a run can be repeated.
      return state.waiting.sorted { $0.key < $1.key }.map(\.value)
    }
    opened.store(true, ordering: .releasing)
    for continuation in waiting { continuation.resume() }
  }

  /// Returns when open, throws `CancellationError` when the task is cancelled first.
  func wait() async throws {
    let id = state.withLock { state in
      state.last += 1
      return state.last
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let result: Result<Void, any Error>? = state.withLock { state in
          if state.isOpen { return .success(()) }
          if Task.isCancelled { return .failure(CancellationError()) }
          state.waiting[id] = continuation
          return nil
        }
        if let result { continuation.resume(with: result) }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(throwing: CancellationError())
    }
  }
}
