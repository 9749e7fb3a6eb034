/// Why a connection had to end. The calls on it have been told by their own `closed` events.
package struct HTTP2Failure: Error, Sendable, CustomStringConvertible {
  /// Who broke the connection, for whoever logs it or decides whether to try again.
  package enum Origin: Sendable, Hashable {
    /// The peer broke the protocol.
    case peer
    /// The peer went over one of our limits.
    case limit
    /// We asked for something impossible: a defect of ours.
    case ours
    /// Memory ran out.
    case resources
  }

  package var origin: Origin
  /// The code that our GOAWAY carries.
  package var code: HTTP2ErrorCode
  /// What happened, for a person.
  package var reason: String

  package init(origin: Origin, code: HTTP2ErrorCode, reason: String) {
    self.origin = origin
    self.code = code
    self.reason = reason
  }

  package var description: String { "HTTP/2 connection ended with \(code): \(reason)" }
}

/// Why something was not sent. Nothing of the call has left and the stream is as it was before.
package enum HTTP2Refusal: Error, Sendable, Hashable {
  /// The stream or its connection is over.
  case closed
  /// The connection takes no new stream: it is going away, its identifiers run out, or the peer's limit of concurrent
  /// streams is reached (`HTTP2Session.availableStreams` is 0). Wait or take another connection.
  case noStreamAvailable
  /// Headers or trailers were already sent, or the body was already finished.
  case outOfOrder
  /// A name or a value that HTTP/2 cannot carry. The text says which field and why, without its value.
  case invalidHeader(String)
  /// The header list is larger than the peer accepts, or than our own limit: bytes by RFC 9113's count.
  case headerListTooLarge(size: Int, limit: Int)
}
