package import DubboCore

/// Bytes in: what the library found in them becomes events.
extension HTTP2Session {
  /// Takes what the socket gave, at most 64 KiB at a time so that limits act between batches. Read the events before
  /// the buffer is used again. Throws when the connection broke; its streams then end with `close()`.
  package func receive(_ bytes: UnsafeRawBufferPointer, now: MonotonicInstant) throws(HTTP2Failure) {
    self.now = now
    guard let codec, failure == nil else { return }
    assert(!isInsideCodec)
    isInsideCodec = true
    let result = codec.receive(bytes)
    isInsideCodec = false
    needsFlush = true
    if result < 0 { throw fail(fatal: result) }
    creditArrivedBytes()
    settle()
    if let failure { throw failure }
  }

  // MARK: Headers

  func headersBegan(_ streamID: Int32, _ category: HeaderCategory) -> Bool {
    collector.begin()
    blockStatus = 0
    guard category == .request else {
      blockStream = found(streamID)
      return blockStream != nil
    }
    budget.requestArrived()
    if heldSlots >= Int(settings.maxConcurrentStreams) {
      timers.headersEnded()
      codec?.submitReset(streamID, .refusedStream)
      return false
    }
    let stream = makeStream()
    stream.id = streamID
    enlist(stream)
    codec?.setStream(stream)
    recent = stream
    blockStream = stream
    return true
  }

  func headerArrived(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let stream = blockStream else { return false }
    guard collector.admit(name: name.count, value: value.count) else {
      refuseBlock(stream, .headerListTooLarge, .enhanceYourCalm)
      return false
    }
    guard name.first == UInt8(ascii: ":") else {
      collector.append(name: name, value: value)
      return true
    }
    if HeaderRules.equal(name, ":path") {
      stream.path = recentPath.array(value)
    } else if HeaderRules.equal(name, ":method") {
      stream.method = recentMethod.array(value)
    } else if HeaderRules.equal(name, ":scheme") {
      stream.scheme = recentScheme.array(value)
    } else if HeaderRules.equal(name, ":authority") {
      stream.authority = recentAuthority.array(value)
    } else if HeaderRules.equal(name, ":status") {
      // Three digits: the library has checked.
      for digit in value.prefix(3) { blockStatus = blockStatus * 10 + Int(digit & 0x0F) }
    }
    return true
  }

  func invalidHeaderArrived() {
    guard let stream = blockStream else { return }
    refuseBlock(stream, .invalidHeader, .protocolError)
  }

  private func refuseBlock(_ stream: HTTP2Stream, _ reason: HTTP2Stream.ResetReason, _ code: HTTP2ErrorCode) {
    timers.headersEnded()
    stream.resetReason = reason
    blockStream = nil
    codec?.submitReset(stream.id, code)
  }

  func headersEnded(_ category: HeaderCategory, endStream: Bool) {
    timers.headersEnded()
    guard let stream = blockStream else { return }
    blockStream = nil
    let isHead = category == .request || category == .response || blockStatus != 0
    if endStream { stream.remoteEnded = true }
    guard isHead else {
      stream.trailerBlock = collector.finish()
      events.append(.trailers(stream))
      return
    }
    // Informational responses say nothing that an RPC needs.
    if (100..<200).contains(blockStatus) { return }
    stream.status = blockStatus
    stream.headerBlock = collector.finish()
    stream.isAnnounced = true
    events.append(.headers(stream, endStream: endStream))
  }

  // MARK: Bodies

  func dataArrived(_ streamID: Int32, _ bytes: UnsafeRawBufferPointer) {
    arrivedBytes += bytes.count
    guard let stream = found(streamID), stream.isAnnounced, !stream.resetRequested else { return }
    stream.received += bytes.count
    unreadBytes += bytes.count
    events.append(.data(stream, bytes))
  }

  func bodyEnded(_ streamID: Int32) {
    guard let stream = found(streamID) else { return }
    stream.remoteEnded = true
    if stream.isAnnounced { events.append(.end(stream)) }
  }

  // MARK: The connection

  func settingsArrived(isAnswer: Bool) {
    guard !isAnswer else { return timers.settingsAnswered() }
    timers.prefaceArrived()
    guard let codec else { return }
    peerMaxStreams = codec.remoteMaxConcurrentStreams
    peerMaxHeaderListSize = codec.remoteMaxHeaderListSize
    events.append(.settings)
  }

  func goAwayArrived(_ lastStreamID: Int32, _ code: HTTP2ErrorCode, _ debug: UnsafeBufferPointer<UInt8>) {
    goAwayReceived = true
    events.append(.goAway(lastStreamID: lastStreamID, code: code, debug: [UInt8](debug.prefix(1_024))))
  }

  func complaintArrived(_ text: UnsafeRawBufferPointer) {
    complaint = String(decoding: text.prefix(256), as: UTF8.self)
  }
}
