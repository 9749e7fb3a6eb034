/// What happened on a connection, in the order in which it happened.
///
/// The end of what the peer sends on a stream comes exactly once, in one of three forms: `headers` with `endStream`,
/// `end` after data, or `trailers`. `closed` is the last event of a stream and comes exactly once for each that was
/// announced by `headers` (server) or accepted by `request` (client), also when the connection dies.
package enum HTTP2Event {
  /// A request (server) or the final response headers (client) are on the stream.
  case headers(HTTP2Stream, endStream: Bool)
  /// Body bytes. They lie in the buffer given to `receive` and are valid only until its caller reuses that.
  case data(HTTP2Stream, UnsafeRawBufferPointer)
  /// The peer ended its body without trailers.
  case end(HTTP2Stream)
  /// The peer ended with trailers, now on the stream.
  case trailers(HTTP2Stream)
  /// The queue of a stream whose writer was told to wait is short again.
  case drained(HTTP2Stream)
  /// The stream is over. `noError` after both sides ended; else why. Calls on the stream do nothing from here on.
  case closed(HTTP2Stream, HTTP2ErrorCode)
  /// The peer's SETTINGS are in force.
  case settings
  /// The peer answered our ping.
  case pong
  /// The peer takes no stream above `lastStreamID` and will end the connection. May come twice, the number only falls.
  case goAway(lastStreamID: Int32, code: HTTP2ErrorCode, debug: [UInt8])
  /// The connection broke, `HTTP2Session.failure` says why. Write what is left of the output, then `close()`.
  case failed
}
