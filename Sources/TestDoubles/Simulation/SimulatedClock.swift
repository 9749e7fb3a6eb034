package import DubboCore
internal import Synchronization

/// The clock of a simulation, for everything above the loops: it shows the network's time, and whoever sleeps on it
/// is woken by an event of the network.
package final class SimulatedClock: DubboClock {
  private struct State {
    var lastID: UInt64 = 0
    /// Sleepers of which the network does not know yet.
    var isNew: [(at: MonotonicInstant, id: UInt64)] = []
    // Whoever takes a continuation out, under the lock, resumes it.
    var asleep: [UInt64: CheckedContinuation<Void, Never>] = [:]
  }

  private let nanoseconds = Atomic<UInt64>(1_000_000_000)
  private let state = Mutex(State())

  package var now: MonotonicInstant { MonotonicInstant(nanoseconds: nanoseconds.load(ordering: .relaxed)) }

  package var wallMilliseconds: Int64 {
    1_800_000_000_000 + Int64(nanoseconds.load(ordering: .relaxed) / 1_000_000)
  }

  package func sleep(until instant: MonotonicInstant) async throws {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if instant <= now || Task.isCancelled { return true }
          state.asleep[id] = continuation
          state.isNew.append((instant, id))
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      wake(id)
    }
    try Task.checkCancellation()
  }

  // MARK: For the network

  func move(to instant: UInt64) { nanoseconds.store(instant, ordering: .relaxed) }

  /// Who has gone to sleep since the last time, and until when.
  func takeNew() -> [(at: MonotonicInstant, id: UInt64)] {
    state.withLock { state in
      guard !state.isNew.isEmpty else { return [] }
      defer { state.isNew = [] }
      return state.isNew
    }
  }

  /// Wakes the sleeper, unless it is awake.
  func wake(_ id: UInt64) {
    state.withLock { $0.asleep.removeValue(forKey: id) }?.resume()
  }
}
