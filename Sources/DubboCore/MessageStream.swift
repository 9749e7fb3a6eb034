/// The sending half of a stream of messages. May be used while another task reads the other half; two tasks must not
/// write at once.
public protocol MessageWriter: Sendable {
  /// Sends one message; returns when there is room for the next, so a slow reader slows its writer.
  ///
  /// Throws the call's error once it has failed, and `CancellationError`-coded `DubboError` when the task is cancelled.
  func write(_ message: [UInt8]) async throws

  /// Says that no message follows. The second time and after the call's end it does nothing.
  func finish() async throws
}

/// The receiving half of a stream of messages. May be used while another task writes the other half; two tasks must
/// not read at once.
public protocol MessageReader: Sendable {
  /// The next message, or nil when the peer has finished well.
  ///
  /// Throws the call's error once it has failed. After nil or an error the same comes again.
  func next() async throws -> [UInt8]?

  /// The metadata that came before the first message; waits for it.
  func headers() async throws -> Metadata
}
