/// Credit for what arrives: the connection's on arrival, so that an unread stream blocks no other; the stream's when its
/// reader has taken the bytes.
extension HTTP2Session {
  func creditArrivedBytes() {
    guard arrivedBytes > 0 else { return }
    heldCredit += arrivedBytes
    arrivedBytes = 0
    releaseHeldCredit()
  }

  func releaseHeldCredit() {
    guard heldCredit > 0, unread <= limits.maxUnreadBytes else { return }
    codec?.creditConnection(heldCredit)
    heldCredit = 0
    hasOutput = true
  }

  func forgetUnread(of stream: HTTP2Stream) {
    unread -= stream.received - stream.consumed
    stream.consumed = stream.received
  }

  /// Steps of half a window: smaller ones would not make the library send a WINDOW_UPDATE.
  var creditStep: Int { max(1, Int(settings.streamWindow) / 2) }
}

extension HTTP2Stream {
  /// The reader has taken `count` body bytes that `data` events brought.
  package final func consume(_ count: Int) {
    guard let session, count > 0 else { return }
    let taken = min(count, received - consumed)
    consumed += taken
    session.unread -= taken
    session.releaseHeldCredit()
    guard !peerEnded, consumed - credited >= session.creditStep else { return }
    session.codec?.creditStream(streamID, consumed - credited)
    credited = consumed
    session.hasOutput = true
  }
}
