internal import Synchronization

/// A bounded queue of messages between one writer and one reader, in any tasks or threads: the streams of an
/// in-process call, and the receiving side of a stream that comes over a connection.
///
/// The waiting continuation lies in the queue itself, which is several times cheaper than `AsyncStream`.
package final class MessagePipe: Sendable, MessageWriter, MessageReader {
  /// A writer waits above `high` bytes and goes on below `low`.
  package static let high = 65_536
  package static let low = 16_384

  private struct State {
    var messages: [[UInt8]] = []
    var head = 0
    var bytes = 0
    var headers: Metadata?
    var isFinished = false
    var failure: DubboError?
    var wasRead = false
    /// Somebody wants to know when nothing is left to take.
    var isEmptinessAwaited = false
    // Resumed exactly once each: whoever takes one out of the state, under the lock, resumes it.
    var reader: UnsafeContinuation<Void, Never>?
    var writer: UnsafeContinuation<Void, Never>?

    var isReadable: Bool { head < messages.count || isFinished || failure != nil }

    mutating func take() -> [UInt8]? {
      guard head < messages.count else { return nil }
      let message = messages[head]
      messages[head] = []
      head += 1
      bytes -= message.count
      if head == messages.count {
        messages.removeAll(keepingCapacity: head <= 64)
        head = 0
      } else if head >= 64, head * 2 >= messages.count {
        messages.removeFirst(head)
        head = 0
      }
      return message
    }
  }

  private let state = Mutex(State())
  private let onTake: (@Sendable (_ bytes: Int, _ isAwaited: Bool) -> Void)?

  /// - Parameter onTake: called by the reading task after each message it took, with the message's size and whether
  ///   this emptied a pipe of which `tellWhenEmpty` was asked; this is where a connection gives its peer credit.
  package init(onTake: (@Sendable (_ bytes: Int, _ isAwaited: Bool) -> Void)? = nil) {
    self.onTake = onTake
  }

  /// True when no message waits to be taken; else `onTake` will tell, once, when none does any more.
  package func tellWhenEmpty() -> Bool {
    state.withLock { state in
      if state.head == state.messages.count { return true }
      state.isEmptinessAwaited = true
      return false
    }
  }

  /// Bytes that were written and not yet taken.
  package var queuedBytes: Int { state.withLock { $0.bytes } }

  /// Whether anybody has asked for a message yet.
  package var wasRead: Bool { state.withLock { $0.wasRead } }

  /// Whether the end, good or bad, is known and nothing is left to read before it.
  package var hasEnded: Bool {
    state.withLock { $0.failure != nil || ($0.isFinished && $0.head == $0.messages.count) }
  }

  // MARK: The writing side

  package func write(_ message: [UInt8]) async throws {
    if offer(message) { return }
    try await waitForRoom()
  }

  /// Appends without waiting; false when the queue is above its mark and the writer should wait. Nothing is appended
  /// to a pipe that has ended.
  @discardableResult
  package func offer(_ message: [UInt8]) -> Bool {
    let (hasRoom, reader) = state.withLock { state -> (Bool, UnsafeContinuation<Void, Never>?) in
      guard !state.isFinished, state.failure == nil else { return (false, nil) }
      state.messages.append(message)
      state.bytes += message.count
      return (state.bytes <= Self.high, state.reader.take())
    }
    reader?.resume()
    return hasRoom
  }

  private func waitForRoom() async throws {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let isReady = state.withLock { state in
          if state.bytes <= Self.low || state.isFinished || state.failure != nil || Task.isCancelled { return true }
          state.writer = continuation
          return false
        }
        if isReady { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.writer.take() }?.resume()
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
    if Task.isCancelled { throw DubboError.wrapping(CancellationError()) }
  }

  /// No message follows. What is queued is still read.
  package func finish() {
    end { $0.isFinished = true }
  }

  /// The call failed: what is queued is dropped, and both sides get `error`.
  package func fail(_ error: DubboError) {
    end { state in
      guard !state.isFinished || state.head < state.messages.count else { return }
      if state.failure == nil { state.failure = error }
      state.messages = []
      state.head = 0
      state.bytes = 0
    }
  }

  private func end(_ change: (inout State) -> Void) {
    let (reader, writer) = state.withLock { state in
      change(&state)
      return (state.reader.take(), state.writer.take())
    }
    reader?.resume()
    writer?.resume()
  }

  /// Sets what `headers()` returns; the first time counts.
  package func setHeaders(_ headers: Metadata) {
    let reader = state.withLock { state in
      if state.headers == nil { state.headers = headers }
      return state.reader.take()
    }
    reader?.resume()
  }

  // MARK: The reading side

  package func next() async throws -> [UInt8]? {
    while true {
      let (message, writer, isAwaited, isFinished, failure) = state.withLock { state in
        state.wasRead = true
        let message = state.take()
        let writer = state.bytes <= Self.low ? state.writer.take() : nil
        let isAwaited = state.isEmptinessAwaited && state.head == state.messages.count
        if isAwaited { state.isEmptinessAwaited = false }
        return (message, writer, isAwaited, state.isFinished, state.failure)
      }
      writer?.resume()
      if let message {
        onTake?(message.count, isAwaited)
        return message
      }
      if let failure { throw failure }
      if isFinished { return nil }
      try await waitForReading { $0.isReadable }
    }
  }

  package func headers() async throws -> Metadata {
    while true {
      let (headers, isOver, failure) = state.withLock { ($0.headers, $0.isReadable, $0.failure) }
      if let headers { return headers }
      if let failure { throw failure }
      if isOver { return Metadata() }
      try await waitForReading { $0.headers != nil || $0.isReadable }
    }
  }

  private func waitForReading(until isReady: @Sendable (borrowing State) -> Bool) async throws {
    let isDouble = Mutex(false)
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let resumeNow = state.withLock { state in
          if isReady(state) || Task.isCancelled { return true }
          if state.reader != nil {
            isDouble.withLock { $0 = true }
            return true
          }
          state.reader = continuation
          return false
        }
        if resumeNow { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.reader.take() }?.resume()
    }
    if isDouble.withLock({ $0 }) {
      throw DubboError(.internal, "two tasks read one stream at the same time; read it from one task")
    }
    if Task.isCancelled { throw DubboError.wrapping(CancellationError()) }
  }
}
