/// Bytes out: pulled by whoever has room for them, so that what cannot leave stays in its stream, where turns and
/// resets still work.
extension HTTP2Session {
  enum BodyPart {
    case wait
    case more(Int)
    case last(Int, endStream: Bool)
  }

  /// Appends frames to `sink` until about `limit` bytes are there, or nothing is left: then `needsFlush` is false.
  package func produce(into sink: any ByteSink, limit: Int) {
    var produced = 0
    while produced < limit, let codec {
      assert(!isInsideCodec)
      isInsideCodec = true
      let output = codec.nextOutput()
      isInsideCodec = false
      if output.count > 0 {
        sink.append(UnsafeRawBufferPointer(start: output.start, count: output.count))
        produced += output.count
        sentSinceTurn += output.count
        if sentSinceTurn >= 4 * limits.turnBytes { giveTurn(codec) }
      } else if output.count < 0 {
        _ = fail(fatal: output.count)
      } else if !giveTurn(codec) {
        settle()
        if !codec.wantsWrite { break }
      }
    }
    if !lastWords.isEmpty {
      lastWords.withUnsafeBytes { sink.append($0) }
      lastWords = []
    }
    watchStalls()
    hasOutput = produced >= limit && (codec.map { $0.wantsWrite || !turns.isEmpty } ?? false)
  }

  /// Lets the next stream in line send; false when nobody waits.
  @discardableResult
  private func giveTurn(_ codec: FrameCodec) -> Bool {
    sentSinceTurn = 0
    while let stream = turns.next() {
      stream.isInTurnQueue = false
      guard stream.isLive, !stream.resetRequested else { continue }
      stream.turnCredit = limits.turnBytes
      codec.resume(stream.streamID)
      return true
    }
    return false
  }

  /// Called by the library for a stream whose body is wanted.
  func fill(_ buffer: UnsafeMutableRawBufferPointer, from stream: HTTP2Stream) -> BodyPart {
    let available = stream.queuedBytes
    if available == 0 {
      guard stream.sending == .finishing else {
        stream.isDeferred = true
        return .wait
      }
      return .last(0, endStream: finishBody(of: stream))
    }
    if stream.turnCredit <= 0 {
      stream.isInTurnQueue = true
      turns.append(stream)
      return .wait
    }
    let count = min(available, buffer.count)
    var filled = 0
    if stream.outgoingPrefix.count > 0 { filled = stream.outgoingPrefix.move(into: buffer) }
    let start = stream.outgoingOffset
    let queue = stream.outgoing
    queue.withUnsafeBytes { queue in
      UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: queue[start..<(start + count - filled)]))
    }
    stream.outgoingOffset += count - filled
    stream.sent += count
    stream.turnCredit -= count
    queuedBodyBytes -= count
    if count == available {
      if stream.sending == .finishing { return .last(count, endStream: finishBody(of: stream)) }
      if live.count > Self.keptQueues { stream.dropEmptyQueue() }
    }
    if stream.writerWaits, available - count < (isCrowded ? 1 : limits.lowWaterMark) {
      stream.writerWaits = false
      events.append(.drained(stream))
    }
    return .more(count)
  }

  /// Streams that may keep the memory of their empty queues for the next messages.
  private static var keptQueues: Int { 32 }

  /// Hands the trailers over, if there are any; true when the DATA frame itself ends the stream.
  private func finishBody(of stream: HTTP2Stream) -> Bool {
    stream.sending = .finished
    guard case .fields(let constants, let block) = stream.trailers else { return true }
    stream.trailers = .none
    submitTrailers(constants, block, of: stream)
    return false
  }

  func messageFrameLeft(_ streamID: Int32, endStream: Bool) {
    budget.messageLeft()
    // A server that has answered in full does not wait for the rest of the request: without this the stream would
    // count against the client's limit until it has sent everything.
    guard endStream, role == .server, let stream = found(streamID) else { return }
    if !stream.peerEnded, !stream.resetRequested {
      stream.resetRequested = true
      codec?.submitReset(streamID, .noError)
    }
  }
}
