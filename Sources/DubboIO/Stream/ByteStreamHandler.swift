/// Who reads and writes on a stream. Every call comes on the stream's loop, and none inside another one. All of
/// `ByteStream` may be used inside each of them, `close` too.
package protocol ByteStreamHandler: AnyObject {
  /// Bytes from the peer, at most 64 KiB, in order. Valid during the call only.
  func streamReceived(_ bytes: UnsafeRawBufferPointer)
  /// The peer has ended its direction. Ours still works.
  func streamReachedEnd()
  /// The stream was marked dirty and can write: append to `stream.output`, and mark it dirty again if there is more.
  /// Called once in a turn, just before the loop writes, never while a write is under way.
  func streamFlush()
  /// What the system did not take at once has been written: more may be produced. `streamFlush` follows.
  func streamDrained()
  /// Once, and the last call. The stream lets go of its handler.
  func streamClosed(_ reason: StreamCloseReason)
}

/// Why a stream is no more.
package enum StreamCloseReason: Sendable, Hashable, CustomStringConvertible {
  /// `finish()`: everything was written and the peer has ended too, or had its time to.
  case finished
  /// `close()` by our own side, which says why.
  case closed(String)
  /// The connection failed: the peer reset it, or the system did.
  case failed(IOFailure)
  /// The peer took no byte of what we had to write for the configured time.
  case writeStalled
  /// Nothing came and nothing went for the configured time.
  case idle
  /// The loop has ended.
  case loopEnded

  package var description: String {
    switch self {
    case .finished: "finished"
    case .closed(let why): why
    case .failed(let failure): failure.description
    case .writeStalled: "the peer has stopped reading"
    case .idle: "nothing was sent or received for too long"
    case .loopEnded: "the event loop has ended"
    }
  }
}

/// The clocks of a stream.
package struct StreamConfiguration: Sendable, Hashable {
  /// How long a write may go on without the peer taking a byte.
  package var writeStallTimeout: Duration
  /// How long a stream may be silent in both directions; nil for ever.
  package var idleTimeout: Duration?
  /// How long `finish()` waits for the peer's end, so that a close with unread input does not cost it our last bytes.
  package var lingerTimeout: Duration

  package init(
    writeStallTimeout: Duration = .seconds(30), idleTimeout: Duration? = nil, lingerTimeout: Duration = .seconds(2)
  ) {
    self.writeStallTimeout = writeStallTimeout
    self.idleTimeout = idleTimeout
    self.lingerTimeout = lingerTimeout
  }
}
