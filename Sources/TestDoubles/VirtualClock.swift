package import DubboCore
internal import Synchronization

/// A clock that stands still until a test moves it.
package final class VirtualClock: DubboClock {
  private struct Sleeper {
    var id: UInt64
    var wake: MonotonicInstant
    var continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    var now = MonotonicInstant(nanoseconds: 1_000_000_000)
    var wall: Int64 = 1_700_000_000_000
    var sleepers: [Sleeper] = []
    var observers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    var lastID: UInt64 = 0
    var cancelledEarly: Set<UInt64> = []
  }

  private let state = Mutex(State())

  package init() {}

  package var now: MonotonicInstant { state.withLock { $0.now } }

  package var wallMilliseconds: Int64 {
    get { state.withLock { $0.wall } }
    set { state.withLock { $0.wall = newValue } }
  }

  package func sleep(until instant: MonotonicInstant) async throws {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let (isOver, observers) = state.withLock { state -> (Bool, [CheckedContinuation<Void, Never>]) in
          if state.cancelledEarly.remove(id) != nil || instant <= state.now { return (true, []) }
          state.sleepers.append(Sleeper(id: id, wake: instant, continuation: continuation))
          return (false, Self.satisfied(&state))
        }
        if isOver { continuation.resume() }
        for observer in observers { observer.resume() }
      }
    } onCancel: {
      let sleeper = state.withLock { state -> Sleeper? in
        guard let place = state.sleepers.firstIndex(where: { $0.id == id }) else {
          state.cancelledEarly.insert(id)
          return nil
        }
        return state.sleepers.remove(at: place)
      }
      sleeper?.continuation.resume()
    }
    state.withLock { _ = $0.cancelledEarly.remove(id) }
    try Task.checkCancellation()
  }

  /// Moves the clock on and wakes those whose time has come, the earliest first.
  package func advance(by duration: Duration) {
    let woken = state.withLock { state in
      state.now = state.now.advanced(by: duration)
      state.wall += duration.saturatedNanoseconds / 1_000_000
      let now = state.now
      let woken = state.sleepers.filter { $0.wake <= now }.sorted { ($0.wake, $0.id) < ($1.wake, $1.id) }
      state.sleepers.removeAll { $0.wake <= now }
      return woken
    }
    for sleeper in woken { sleeper.continuation.resume() }
  }

  /// Returns when at least `count` tasks sleep on this clock.
  package func sleepers(_ count: Int = 1) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.sleepers.count >= count { return true }
        state.observers.append((count, continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
  }

  private static func satisfied(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
    let asleep = state.sleepers.count
    let ready = state.observers.filter { $0.count <= asleep }.map(\.continuation)
    state.observers.removeAll { $0.count <= asleep }
    return ready
  }
}
