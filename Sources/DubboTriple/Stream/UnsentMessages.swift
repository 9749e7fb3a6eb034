internal import DubboHTTP

/// Messages of a call between the queue of their writer and the engine, whose own queue may be full. Loop-confined.
struct UnsentMessages {
  private var messages: [[UInt8]] = []
  private var isBlocked = false
  /// They are in the marked form of `MessageCoding`.
  var areMarked = false
  /// The writer has finished, and these are the last.
  private(set) var areLast = false

  /// The engine has room again.
  mutating func drained() { isBlocked = false }

  mutating func removeAll() { messages = [] }

  /// Takes the writer's last messages although the engine may be full; true when any wait now.
  mutating func takeRest(of outgoing: OutgoingStream) -> Bool {
    messages.append(contentsOf: outgoing.take().messages)
    return !messages.isEmpty
  }

  /// Hands the engine what waits here and then what the writer has left in `outgoing`, and has the writer wait when not
  /// all of it had room. Calls `begin` before the first message. True when nothing waits any more.
  mutating func send(
    _ outgoing: OutgoingStream, on stream: HTTP2Stream, begin: () throws(HTTP2Refusal) -> Void = {}
  ) throws(HTTP2Refusal) -> Bool {
    guard !isBlocked else { return false }
    // The older ones go first: no more than one lot waits here, however often the engine has a little room.
    var isOlder = !messages.isEmpty
    while true {
      if !isOlder { (messages, areLast) = outgoing.take() }
      if !messages.isEmpty {
        try begin()
        guard give(to: stream) else { return false }
      }
      if isBlocked {
        outgoing.hold()
        return false
      }
      guard isOlder else { return true }
      isOlder = false
    }
  }

  /// False when the stream is over.
  private mutating func give(to stream: HTTP2Stream) -> Bool {
    var sent = 0
    while sent < messages.count, !isBlocked {
      let message = messages[sent]
      switch stream.sendBody({ frame(message, isMarked: areMarked, into: &$0) }) {
      case .sent: sent += 1
      case .sentAndFull:
        sent += 1
        isBlocked = true
      case .full: isBlocked = true
      case .closed: return false
      }
    }
    if sent == messages.count { messages.removeAll(keepingCapacity: true) } else { messages.removeFirst(sent) }
    return true
  }
}
