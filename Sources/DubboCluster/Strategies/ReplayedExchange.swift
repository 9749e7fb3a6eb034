internal import DubboCore
internal import Synchronization

/// A caller's exchange that several attempts may serve, one after another.
///
/// The exchange runs once, in the caller's task, against a writer and a reader that stand for whichever attempt is
/// current; the attempts run in one child task. Messages go straight from the exchange to the attempt's own streams.
/// What was written is recorded until the first answer, or the byte that no longer fits, commits the call to its
/// attempt; when an attempt fails before that, the next one is sent the record first.
final class ReplayedExchange: Sendable {
  /// Runs `exchange` against the attempts that `drive` makes with `attempt(of:)`; returns when both are over.
  static func run(
    _ exchange: @escaping Exchange, in memory: ReplayMemory,
    drive: @escaping @Sendable (ReplayedExchange) async throws -> Reply
  ) async throws -> Reply {
    let replay = ReplayedExchange(memory)
    defer { replay.state.withLock { $0.letGo() } }
    return try await withThrowingTaskGroup(of: Reply.self) { group in
      group.addTask {
        do {
          let reply = try await drive(replay)
          replay.end(nil)
          return reply
        } catch {
          let failure = DubboError.wrapping(error)
          replay.end(failure)
          throw failure
        }
      }
      do {
        try await exchange(ReplayWriter(replay: replay), ReplayReader(replay: replay))
        replay.exchangeEnded(nil)
      } catch {
        // The attempt that failed, where one did, is the cause of what the exchange threw. Asked before the attempts
        // hear of it: what they end with then is only that they were cancelled.
        let failure = replay.failure
        replay.exchangeEnded(error)
        group.cancelAll()
        if let failure { throw failure }
        throw error
      }
      guard let reply = try await group.next() else {
        throw DubboError(.internal, "the attempts of a call ended without an outcome")
      }
      return reply
    }
  }

  private let state: Mutex<ReplayState>
  /// What `ReplayState.isCommitted` says, without the lock: read once for every message.
  private let hasCommitted = Atomic<Bool>(false)

  private init(_ memory: ReplayMemory) {
    state = Mutex(ReplayState(memory: memory))
  }

  /// Whether the call can no longer move to another provider.
  var isDecided: Bool { state.withLock { $0.isDecided } }

  private var failure: DubboError? { state.withLock { $0.failure } }

  // MARK: The attempts' side

  /// `invocation` with an exchange that serves this one.
  func attempt(of invocation: Invocation) -> Invocation {
    var copy = invocation
    copy.body = .exchange { requests, replies in try await self.serve(requests, replies) }
    return copy
  }

  /// Makes the streams of an attempt the current ones, sends the record, and waits until the exchange is over or the
  /// attempt has failed.
  private func serve(_ requests: any MessageWriter, _ replies: any MessageReader) async throws {
    let number = change { $0.attach(requests, replies) }
    while let step = change({ $0.nextToReplay(number) }) {
      switch step {
      case .message(let message): try await requests.write(message)
      case .finish: try await requests.finish()
      }
    }
    try await wait { $0.outcome(ofAttempt: number) }
  }

  /// No attempt follows: the call succeeded, or failed with `error`.
  private func end(_ error: DubboError?) {
    change { $0.end(error) }
  }

  // MARK: The exchange's side

  private func exchangeEnded(_ error: (any Error)?) {
    change { $0.exchange = error.map { .failed($0) } ?? .ended }
  }

  fileprivate func write(_ message: [UInt8]) async throws {
    guard let index = try state.withLock({ state throws in try state.record(message) }) else {
      return try await writeUnrecorded(message)
    }
    while let turn = try await wait({ $0.turnToWrite(index) }) {
      do {
        return try await turn.requests.write(message)
      } catch {
        try attemptFailed(turn.number, error)
      }
    }
  }

  private func writeUnrecorded(_ message: [UInt8]) async throws {
    let turn = try await wait { $0.turnToCommit() }
    hasCommitted.store(true, ordering: .relaxed)
    try await turn.requests.write(message)
  }

  fileprivate func finish() async throws {
    change { $0.isFinishRecorded = true }
    while let turn = try await wait({ $0.turnToFinish() }) {
      do {
        return try await turn.requests.finish()
      } catch {
        try attemptFailed(turn.number, error)
      }
    }
  }

  fileprivate func read<Value>(_ body: (any MessageReader) async throws -> Value) async throws -> Value {
    while true {
      let turn = try await wait { $0.turnToRead() }
      do {
        let value = try await body(turn.replies)
        if !hasCommitted.load(ordering: .relaxed) {
          state.withLock { $0.commit() }
          hasCommitted.store(true, ordering: .relaxed)
        }
        return value
      } catch {
        try attemptFailed(turn.number, error)
      }
    }
  }

  /// The attempt `number` failed in the exchange's hands. Returns when another may follow, throws when none can.
  private func attemptFailed(_ number: Int, _ error: any Error) throws {
    let failure = DubboError.wrapping(error)
    if Task.isCancelled { throw failure }
    let isFinal = change { $0.attemptFailed(number, failure) }
    if isFinal { throw failure }
  }

  // MARK: Waiting

  private func change<Value: Sendable>(_ body: (inout ReplayState) -> Value) -> Value {
    let (value, waiters) = state.withLock { state in
      let value = body(&state)
      return (value, state.takeWaiters())
    }
    for waiter in waiters { waiter.resume() }
    return value
  }

  /// Returns what `condition` does as soon as that is not nil. It is asked again after every change.
  private func wait<Value: Sendable>(
    _ condition: (inout ReplayState) -> Result<Value, any Error>?
  ) async throws -> Value {
    while true {
      let (result, version, id) = state.withLock { state in
        (condition(&state), state.version, state.newWaiter())
      }
      if let result { return try result.get() }
      await withTaskCancellationHandler {
        await withUnsafeContinuation { continuation in
          let isReady = state.withLock { state in
            // What changed between the question and here would otherwise be missed.
            if state.version != version || Task.isCancelled { return true }
            state.waiters[id] = continuation
            return false
          }
          if isReady { continuation.resume() }
        }
      } onCancel: {
        state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
      }
      if Task.isCancelled { throw DubboError.wrapping(CancellationError()) }
    }
  }
}

private struct ReplayWriter: MessageWriter {
  let replay: ReplayedExchange
  func write(_ message: [UInt8]) async throws { try await replay.write(message) }
  func finish() async throws { try await replay.finish() }
}

private struct ReplayReader: MessageReader {
  let replay: ReplayedExchange
  func next() async throws -> [UInt8]? { try await replay.read { try await $0.next() } }
  func headers() async throws -> Metadata { try await replay.read { try await $0.headers() } }
}
