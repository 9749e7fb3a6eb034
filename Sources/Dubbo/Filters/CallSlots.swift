internal import DubboCore
internal import Synchronization

/// Places for a number of calls, given in the order in which they are asked for.
final class CallSlots: Sendable {
  private enum Outcome: Sendable {
    case hasPlace
    case isFull
    case timeIsOver
    case wasCancelled
  }

  private struct State {
    var limit = 0
    var taken = 0
    var last: UInt64 = 0
    // Whoever takes a continuation out, under the lock, resumes it.
    var waiting: [(id: UInt64, continuation: CheckedContinuation<Outcome, Never>)] = []

    var hasRoom: Bool { taken < limit }

    /// Gives what is free to those who wait longest.
    mutating func admit() -> [CheckedContinuation<Outcome, Never>] {
      guard hasRoom, !waiting.isEmpty else { return [] }
      let admitted = waiting.prefix(limit - taken).map(\.continuation)
      waiting.removeFirst(admitted.count)
      taken += admitted.count
      return admitted
    }
  }

  /// Calls that wait; one more is refused at once.
  private static let longestQueue = 10_000

  private let state = Mutex(State())

  /// Returns true with a place, which the caller must free; false when none came free before `deadline`, or too many
  /// wait already. Throws when the task is cancelled.
  ///
  /// - Parameter limit: how many places there are, from now on and for all: one more lets in who waits, one less counts
  ///   when as many calls have ended.
  func take(oneOf limit: Int, until deadline: MonotonicInstant, _ clock: any DubboClock) async throws -> Bool {
    let (isFree, admitted) = state.withLock { state in
      state.limit = limit
      let admitted = state.admit()
      guard state.hasRoom else { return (false, admitted) }
      state.taken += 1
      return (true, admitted)
    }
    for continuation in admitted { continuation.resume(returning: .hasPlace) }
    if isFree { return true }
    let outcomes = await withTaskGroup(of: Outcome.self) { group in
      group.addTask { await self.wait() }
      group.addTask {
        do { try await clock.sleep(until: deadline) } catch { return .wasCancelled }
        return .timeIsOver
      }
      // Both are heard out: a place that comes as the time runs out is taken and not lost.
      var outcomes: [Outcome] = []
      for await outcome in group {
        outcomes.append(outcome)
        group.cancelAll()
      }
      return outcomes
    }
    if outcomes.contains(.hasPlace) { return true }
    if outcomes.contains(.timeIsOver) || outcomes.contains(.isFull) { return false }
    throw CancellationError()
  }

  /// Gives the place to who waits longest.
  func free() {
    let admitted = state.withLock { state in
      state.taken -= 1
      return state.admit()
    }
    for continuation in admitted { continuation.resume(returning: .hasPlace) }
  }

  private func wait() async -> Outcome {
    let id = state.withLock { state in
      state.last += 1
      return state.last
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let outcome: Outcome? = state.withLock { state in
          if Task.isCancelled { return .wasCancelled }
          if state.hasRoom {
            state.taken += 1
            return .hasPlace
          }
          guard state.waiting.count < Self.longestQueue else { return .isFull }
          state.waiting.append((id, continuation))
          return nil
        }
        if let outcome { continuation.resume(returning: outcome) }
      }
    } onCancel: {
      let continuation = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
        guard let place = state.waiting.firstIndex(where: { $0.id == id }) else { return nil }
        return state.waiting.remove(at: place).continuation
      }
      continuation?.resume(returning: .wasCancelled)
    }
  }
}
