/// Calls in: requests, and the frames that the streams have ready.
extension HTTP2Session {
  package enum RequestBody {
    /// No body: the stream ends with its headers.
    case none
    /// All of it, in wire form, behind `prefix`: headers, body and end leave together.
    case whole([UInt8], prefix: BodyPrefix = .none)
    /// It comes by `sendBody`.
    case stream
  }

  /// How many requests the connection takes now. The caller keeps the waiting line; it grows with `closed` and
  /// `settings` events and is 0 for ever once the connection goes away.
  package var availableStreams: Int {
    guard role == .client, let codec, ending == nil, !peerLeaves, !goAwaySent, codec.mayRequest else { return 0 }
    return max(0, Int(peerMaxStreams) - live.count)
  }

  /// Opens `stream`, a fresh one, with a request.
  package func request(_ head: RequestHead, stream: HTTP2Stream, body: RequestBody) throws(HTTP2Refusal) {
    guard availableStreams > 0, stream.streamID == 0, let codec else { throw .noStreamAvailable }
    var withBody = true
    switch body {
    case .none:
      withBody = false
      stream.sending = .finished
    case .whole(let bytes, let prefix):
      stream.outgoing = bytes
      stream.outgoingPrefix = prefix
      stream.sending = .finishing
    case .stream:
      stream.sending = .open
    }
    do throws(HTTP2Refusal) {
      try lay(head)
      let id = codec.submitRequest(vector, stream: stream, hasBody: withBody)
      guard id > 0 else { throw .noStreamAvailable }
      stream.streamID = id
    } catch {
      stream.outgoing = []
      stream.outgoingPrefix = .none
      stream.sending = .idle
      throw error
    }
    stream.isAnnounced = true
    queuedBodyBytes += stream.queuedBytes
    enlist(stream)
    hasOutput = true
  }

  private func lay(_ head: RequestHead) throws(HTTP2Refusal) {
    vector.removeAll()
    vector.append(name: ":method", value: head.method)
    vector.append(name: ":scheme", value: head.scheme)
    try head.authority.withUnsafeBufferPointer { bytes throws(HTTP2Refusal) in
      try vector.append(name: ":authority", checking: bytes)
    }
    try head.path.withUnsafeBufferPointer { bytes throws(HTTP2Refusal) in
      try vector.append(name: ":path", checking: bytes)
    }
    try lay(head.constants, head.block)
  }

  /// Adds fields to the list at hand, and checks it against what we allow and what the peer takes.
  private func lay(_ constants: ConstantHeaders, _ block: [UInt8]) throws(HTTP2Refusal) {
    vector.append(constants)
    if !block.isEmpty {
      try block.withUnsafeBufferPointer { bytes throws(HTTP2Refusal) in try vector.append(block: bytes) }
    }
    let limit = min(limits.maxOutgoingHeaderListSize, Int(peerMaxHeaderListSize))
    if vector.size > limit { throw .headerListTooLarge(size: vector.size, limit: limit) }
  }

  func respond(
    _ stream: HTTP2Stream, status: StaticString, _ constants: ConstantHeaders, _ block: [UInt8], hasBody: Bool
  ) throws(HTTP2Refusal) {
    guard let codec, ending == nil else { throw .closed }
    vector.removeAll()
    vector.append(name: ":status", value: status)
    try lay(constants, block)
    guard codec.submitResponse(vector, stream: stream, hasBody: hasBody) == 0 else { throw .closed }
    hasOutput = true
  }

  /// Refuses trailers that could not be sent when their time comes.
  func checkTrailers(_ constants: ConstantHeaders, _ block: [UInt8]) throws(HTTP2Refusal) {
    if block.isEmpty { return }
    vector.removeAll()
    try lay(constants, block)
  }

  /// Called by the library when the body is through: only now may the trailers be queued, or they overtake it.
  func submitTrailers(_ constants: ConstantHeaders, _ block: [UInt8], of stream: HTTP2Stream) {
    vector.removeAll()
    do throws(HTTP2Refusal) {
      try lay(constants, block)
    } catch {
      // Checked when they were given; the peer may have lowered its limit since.
      headersStayed(stream.streamID)
      return
    }
    if codec?.submitTrailers(vector, streamID: stream.streamID) != 0 { headersStayed(stream.streamID) }
  }

  /// Headers or trailers that the library could not send: nobody would answer the stream, so it is reset.
  func headersStayed(_ streamID: Int32) {
    guard let stream = found(streamID), role == .server || stream.sending != .finished else { return }
    stream.ownReset = .unsendable
    stream.resetRequested = true
    codec?.submitReset(streamID, .internalError)
  }
}
