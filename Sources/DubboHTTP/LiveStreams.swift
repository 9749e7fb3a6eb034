/// The streams of a session between their opening and their end, for the day when the connection dies.
///
/// A list through the streams themselves: no memory of its own, and one retain for each. A listed stream holds itself,
/// which keeps alive what the library points to; the links are unretained, and only streams that are listed are linked.
final class LiveStreams {
  private(set) unowned(unsafe) var first: HTTP2Stream?
  private(set) var count = 0

  var all: ContiguousArray<HTTP2Stream> {
    var streams: ContiguousArray<HTTP2Stream> = []
    var next = first
    while let stream = next {
      streams.append(stream)
      next = stream.nextLive
    }
    return streams
  }

  func append(_ stream: HTTP2Stream, of session: HTTP2Session) {
    stream.whileLive = stream
    stream.session = session
    stream.isListed = true
    stream.nextLive = first
    first?.previousLive = stream
    first = stream
    count += 1
  }

  /// Takes the stream out; afterwards only its other holders keep it.
  func remove(_ stream: HTTP2Stream) {
    guard stream.isListed else { return }
    if let previous = stream.previousLive { previous.nextLive = stream.nextLive } else { first = stream.nextLive }
    stream.nextLive?.previousLive = stream.previousLive
    stream.nextLive = nil
    stream.previousLive = nil
    stream.session = nil
    stream.isListed = false
    count -= 1
    stream.whileLive = nil
  }
}
