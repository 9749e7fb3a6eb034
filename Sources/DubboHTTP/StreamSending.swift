/// What a call may send on its stream. Each of these may leave output: look at `HTTP2Session.needsFlush`.
extension HTTP2Stream {
  package enum SendOutcome: Sendable, Hashable {
    /// Queued; more may follow.
    case sent
    /// Queued, and the queue is full: wait for `drained`.
    case sentAndFull
    /// Nothing was taken, for the queue is full: wait for `drained` and give it again.
    case full
    /// Nothing was taken: the stream is over, or its body was already finished.
    case closed
  }

  /// Response headers; a body follows by `sendBody` and ends with `finish`.
  package final func respond(
    status: StaticString = "200", _ constants: ConstantHeaders, block: [UInt8] = []
  ) throws(HTTP2Refusal) {
    let session = try openSession(.idle)
    try session.respond(self, status: status, constants, block, hasBody: true)
    sending = .open
  }

  /// A whole response in one pass: headers, `body` in wire form behind `prefix`, trailers. The quickest way to answer a
  /// unary call.
  package final func respond(
    status: StaticString = "200", _ constants: ConstantHeaders, block: [UInt8] = [], prefix: BodyPrefix = .none,
    body: [UInt8], trailers: ConstantHeaders, trailerBlock: [UInt8] = []
  ) throws(HTTP2Refusal) {
    let session = try openSession(.idle)
    try session.checkTrailers(trailers, trailerBlock)
    try session.respond(self, status: status, constants, block, hasBody: true)
    outgoing = body
    outgoingPrefix = prefix
    session.queuedBodyBytes += queuedBytes
    self.trailers = .fields(trailers, block: trailerBlock)
    sending = .finishing
  }

  /// A response that is only headers (gRPC's trailers-only form, or a plain answer without a body).
  package final func respondWithoutBody(
    status: StaticString = "200", _ constants: ConstantHeaders, block: [UInt8] = []
  ) throws(HTTP2Refusal) {
    let session = try openSession(.idle)
    try session.respond(self, status: status, constants, block, hasBody: false)
    sending = .finished
  }

  /// Queues body bytes in wire form. The queue's bound is `highWaterMark` and one message, on a crowded connection one
  /// message.
  package final func sendBody(_ bytes: [UInt8]) -> SendOutcome {
    guard let session, sending == .open, session.ending == nil else { return .closed }
    guard !isFull(session) else { return .full }
    if queuedBytes == 0, bytes.count >= 1_024 {
      outgoing = bytes
      outgoingOffset = 0
    } else {
      var queue = takeQueue()
      queue.append(contentsOf: bytes)
      outgoing = queue
    }
    return queued(bytes.count, session)
  }

  /// Lets `write` append body bytes in wire form straight to the queue, which saves an array for each small message.
  /// `write` only appends.
  package final func sendBody(_ write: (inout [UInt8]) -> Void) -> SendOutcome {
    guard let session, sending == .open, session.ending == nil else { return .closed }
    guard !isFull(session) else { return .full }
    var queue = takeQueue()
    let before = queue.count
    write(&queue)
    let count = max(0, queue.count - before)
    outgoing = queue
    return queued(count, session)
  }

  /// Ends our side after what is queued, without trailers: END_STREAM is on the last DATA frame.
  package final func finish() {
    guard let session, sending == .open else { return }
    sending = .finishing
    wake(session)
  }

  /// Ends our side with trailers after what is queued. When they are refused the body is still open.
  package final func finish(trailers: ConstantHeaders, block: [UInt8] = []) throws(HTTP2Refusal) {
    let session = try openSession(.open)
    try session.checkTrailers(trailers, block)
    self.trailers = .fields(trailers, block: block)
    sending = .finishing
    wake(session)
  }

  /// Ends the stream in both directions at once. What is queued is dropped; `closed` follows when the reset has left.
  package final func reset(_ code: HTTP2ErrorCode) {
    guard let session, !resetRequested else { return }
    resetRequested = true
    sending = .finished
    session.codec?.submitReset(streamID, code)
    session.hasOutput = true
  }

  private func openSession(_ phase: SendingPhase) throws(HTTP2Refusal) -> HTTP2Session {
    guard let session, session.ending == nil, !resetRequested else { throw .closed }
    guard sending == phase else { throw .outOfOrder }
    return session
  }

  private func isFull(_ session: HTTP2Session) -> Bool {
    guard queuedBytes >= session.limits.highWaterMark || (session.isCrowded && queuedBytes > 0) else { return false }
    writerWaits = true
    return true
  }

  /// Takes the queue out to be appended to and put back, without what has left, so that it does not grow by that.
  private func takeQueue() -> [UInt8] {
    var queue = outgoing
    outgoing = []
    if outgoingOffset == queue.count {
      if queue.count > 64 * 1_024 { queue = [] } else { queue.removeAll(keepingCapacity: true) }
    } else if outgoingOffset > 64 * 1_024 || outgoingOffset > queue.count / 2 {
      queue.removeSubrange(..<outgoingOffset)
    } else {
      return queue
    }
    outgoingOffset = 0
    return queue
  }

  /// Gives the memory of a queue back whose bytes have all left.
  final func dropEmptyQueue() {
    outgoing = []
    outgoingOffset = 0
  }

  private func queued(_ count: Int, _ session: HTTP2Session) -> SendOutcome {
    session.queuedBodyBytes += count
    wake(session)
    return isFull(session) ? .sentAndFull : .sent
  }

  private func wake(_ session: HTTP2Session) {
    session.hasOutput = true
    guard isDeferred else { return }
    isDeferred = false
    session.codec?.resume(streamID)
  }
}
