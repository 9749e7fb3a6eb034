internal import DubboCore
internal import DubboIO
internal import Synchronization

/// The owner of a call's streams, confined to the loop of its connection.
protocol StreamOwner: AnyObject {
  /// The user has written, or has finished writing.
  func outgoingReady()
  /// The user has taken messages of `bytes` bytes in all, prefixes included.
  func incomingTaken(_ bytes: Int)
}

/// The writing half of a call's streams: messages wait here between the user's task, wherever it runs, and the loop.
///
/// Holds at most `MessagePipe.high` bytes and one message; beyond that the writer waits. While the stream itself is full
/// it holds one message, for no more could leave.
final class OutgoingStream: MessageWriter {
  private struct State {
    var messages: [[UInt8]] = []
    var bytes = 0
    /// Above it the writer waits. Small until the loop has come for the first messages.
    var mark = 4_096
    var isFinished = false
    var failure: DubboError?
    /// The loop will come for the messages: nobody needs to call it.
    var isExpected = false
    // Taken out under the lock and resumed by whoever took it.
    var writer: UnsafeContinuation<Void, Never>?
  }

  private let state = Mutex(State())
  private let port: StreamPort

  init(port: StreamPort) {
    self.port = port
  }

  func write(_ message: [UInt8]) async throws {
    let (isCallDue, hasRoom, failure) = state.withLock { state -> (Bool, Bool, DubboError?) in
      if let failure = state.failure { return (false, true, failure) }
      guard !state.isFinished else {
        let failure = DubboError(.internal, "a message was written after the stream was finished", progress: .answered)
        return (false, true, failure)
      }
      state.messages.append(message)
      // With its prefix, so that messages without bytes have a bound, too.
      state.bytes += message.count + 5
      let isCallDue = !state.isExpected
      state.isExpected = true
      return (isCallDue, state.bytes <= state.mark, nil)
    }
    if let failure { throw failure }
    if isCallDue { port.outgoingReady() }
    if !hasRoom { try await waitForRoom() }
  }

  func finish() async throws {
    let isCallDue = state.withLock { state in
      guard !state.isFinished, state.failure == nil else { return false }
      state.isFinished = true
      defer { state.isExpected = true }
      return !state.isExpected
    }
    if isCallDue { port.outgoingReady() }
  }

  private func waitForRoom() async throws {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let isReady = state.withLock { state in
          if state.bytes <= state.mark || state.failure != nil || Task.isCancelled { return true }
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

  /// What has been written since the last time, and whether that was all. The writer may go on.
  func take() -> (messages: [[UInt8]], isFinished: Bool) {
    let (messages, isFinished, writer) = state.withLock { state in
      var messages: [[UInt8]] = []
      swap(&messages, &state.messages)
      state.bytes = 0
      state.mark = MessagePipe.high
      state.isExpected = false
      return (messages, state.isFinished, state.writer.take())
    }
    writer?.resume()
    return (messages, isFinished)
  }

  /// The stream takes no more for now: until the next `take` the writer waits behind its next message.
  func hold() {
    state.withLock { $0.mark = 0 }
  }

  /// The call is over: what waits is dropped, and the writer gets `error`.
  func fail(_ error: DubboError) {
    let writer = state.withLock { state in
      if state.failure == nil { state.failure = error }
      state.messages = []
      state.bytes = 0
      return state.writer.take()
    }
    writer?.resume()
  }
}
