/// The streams that have more to send than their turn allowed, in the order in which they go on.
///
/// The library would finish the oldest stream before the next one (RFC 9218's default), so one endless stream would
/// starve every other. Bounded by the streams of the session: each stands here once.
final class TurnQueue {
  private var streams: ContiguousArray<HTTP2Stream> = []
  private var head = 0

  var isEmpty: Bool { head == streams.count }

  func append(_ stream: HTTP2Stream) {
    streams.append(stream)
  }

  func next() -> HTTP2Stream? {
    guard head < streams.count else { return nil }
    let stream = streams[head]
    head += 1
    if head == streams.count {
      streams.removeAll(keepingCapacity: streams.count < 64)
      head = 0
    } else if head >= 64, head * 2 > streams.count {
      streams.removeFirst(head)
      head = 0
    }
    return stream
  }

  func removeAll() {
    streams = []
    head = 0
  }
}
