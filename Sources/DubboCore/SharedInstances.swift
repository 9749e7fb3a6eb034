internal import Synchronization

/// One instance per key, however many ask for it at once.
///
/// The first to ask creates it, in its own task; the others wait. A failure is reported to all who wait, and the next
/// to ask tries anew. When the one who creates is cancelled, one of those who wait takes over.
public final class SharedInstances<Key: Hashable & Sendable, Instance: Sendable>: Sendable {
  private enum Outcome: Sendable {
    case created(Instance)
    case failed(any Error)
    case yourTurn
  }

  private struct Waiter {
    var id: UInt64
    var continuation: CheckedContinuation<Outcome, Never>
  }

  private enum Entry {
    case creating(waiters: [Waiter])
    case created(Instance)
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    var lastWaiter: UInt64 = 0
    /// Waiters that were cancelled before they could join the queue.
    var cancelledEarly: Set<UInt64> = []
  }

  private enum Ask {
    case existing(Instance)
    case create
    case wait(UInt64)
  }

  private let state = Mutex(State())

  public init() {}

  /// The instance of `key`: the one there is, the one that another asker is just creating, or what `create` returns.
  ///
  /// Throws what `create` threw, for all who waited for that attempt, and `CancellationError` when the caller is
  /// cancelled while it waits.
  public func instance(
    of key: Key, create: () async throws -> Instance
  ) async throws -> Instance {
    let ask: Ask = state.withLock { state in
      switch state.entries[key] {
      case .created(let instance):
        return .existing(instance)
      case .creating:
        state.lastWaiter += 1
        return .wait(state.lastWaiter)
      case nil:
        state.entries[key] = .creating(waiters: [])
        return .create
      }
    }
    switch ask {
    case .existing(let instance): return instance
    case .create: return try await createAndShare(key, create)
    case .wait(let id): return try await wait(id, for: key, create)
    }
  }

  /// The instances that are there, in no order.
  public var instances: [Instance] {
    state.withLock { state in
      state.entries.values.compactMap { entry in
        if case .created(let instance) = entry { instance } else { nil }
      }
    }
  }

  /// Forgets the instance of `key`, so that the next to ask creates another. Returns the one that was there.
  @discardableResult
  public func remove(_ key: Key) -> Instance? {
    state.withLock { state in
      guard case .created(let instance) = state.entries[key] else { return nil }
      state.entries[key] = nil
      return instance
    }
  }

  private func createAndShare(_ key: Key, _ create: () async throws -> Instance) async throws -> Instance {
    do {
      let instance = try await create()
      let waiters = end(key, with: .created(instance))
      for waiter in waiters { waiter.continuation.resume(returning: .created(instance)) }
      return instance
    } catch {
      guard Task.isCancelled else {
        for waiter in end(key, with: nil) { waiter.continuation.resume(returning: .failed(error)) }
        throw error
      }
      handOver(key)
      throw error
    }
  }

  /// Ends the creation of `key`; returns those who waited for it.
  private func end(_ key: Key, with entry: Entry?) -> [Waiter] {
    state.withLock { state in
      guard case .creating(let waiters) = state.entries[key] else { return [] }
      state.entries[key] = entry
      return waiters
    }
  }

  /// Lets the first who waits create in place of the caller, which was cancelled.
  private func handOver(_ key: Key) {
    let next: Waiter? = state.withLock { state in
      guard case .creating(var waiters) = state.entries[key] else { return nil }
      guard !waiters.isEmpty else {
        state.entries[key] = nil
        return nil
      }
      let next = waiters.removeFirst()
      state.entries[key] = .creating(waiters: waiters)
      return next
    }
    next?.continuation.resume(returning: .yourTurn)
  }

  private func wait(_ id: UInt64, for key: Key, _ create: () async throws -> Instance) async throws -> Instance {
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let immediate: Outcome? = state.withLock { state in
          if state.cancelledEarly.remove(id) != nil { return .failed(CancellationError()) }
          switch state.entries[key] {
          case .creating(var waiters):
            waiters.append(Waiter(id: id, continuation: continuation))
            state.entries[key] = .creating(waiters: waiters)
            return nil
          case .created(let instance):
            return .created(instance)
          case nil:
            // The attempt ended between the question and the waiting: this asker is the next one.
            state.entries[key] = .creating(waiters: [])
            return .yourTurn
          }
        }
        if let immediate { continuation.resume(returning: immediate) }
      }
    } onCancel: {
      cancel(id, for: key)
    }
    state.withLock { _ = $0.cancelledEarly.remove(id) }
    switch outcome {
    case .created(let instance): return instance
    case .failed(let error): throw error
    case .yourTurn: return try await createAndShare(key, create)
    }
  }

  private func cancel(_ id: UInt64, for key: Key) {
    let waiter: Waiter? = state.withLock { state in
      guard case .creating(var waiters) = state.entries[key],
        let place = waiters.firstIndex(where: { $0.id == id })
      else {
        state.cancelledEarly.insert(id)
        return nil
      }
      let waiter = waiters.remove(at: place)
      state.entries[key] = .creating(waiters: waiters)
      return waiter
    }
    waiter?.continuation.resume(returning: .failed(CancellationError()))
  }
}
