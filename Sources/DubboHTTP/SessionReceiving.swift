package import DubboCore

/// Bytes in: what the library found in them becomes events.
extension HTTP2Session {
  /// Takes what the socket gave, at most 64 KiB at a time so that limits act between batches. Read the events before
  /// the buffer is used again. Throws when the connection broke; its streams then end with `close()`.
  package func receive(_ bytes: UnsafeRawBufferPointer, now: MonotonicInstant) throws(HTTP2Failure) {
    self.now = now
    guard let codec, ending == nil else { return }
    assert(!isInsideCodec)
    isInsideCodec = true
    let result = codec.receive(bytes)
    isInsideCodec = false
    hasOutput = true
    if result < 0 { throw fail(fatal: result) }
    creditArrivedBytes()
    settle()
    if let failure = ending { throw failure }
  }

  // MARK: Headers

  func headersBegan(_ streamID: Int32, _ category: HeaderCategory) -> Bool {
    collector.begin()
    guard category == .request else {
      blockStream = found(streamID)
      return blockStream != nil
    }
    budget.requestArrived()
    if slots.held >= Int(settings.maxConcurrentStreams) || streamID > lastServed {
      timers.headersEnded()
      counts.refused += 1
      codec?.submitReset(streamID, .refusedStream)
      return false
    }
    let stream = makeStream()
    stream.streamID = streamID
    enlist(stream)
    codec?.setStream(stream)
    recent = stream
    blockStream = stream
    return true
  }

  func headerArrived(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) -> Bool {
    let isPseudo = name.first == UInt8(ascii: ":")
    guard collector.admit(name, value), !isPseudo || collector.addPseudo(name, value) else {
      counts.oversizeHeaderLists += 1
      if let stream = blockStream { refuseBlock(stream, .headerListTooLarge, .enhanceYourCalm) }
      return false
    }
    if isPseudo { return true }
    // Trailers come when the stream has been announced, and are all for its reader.
    let isKept =
      blockStream.map { stream in
        !stream.isAnnounced && stream.keep(UnsafeRawBufferPointer(name), UnsafeRawBufferPointer(value))
      } ?? false
    if !isKept { collector.add(name, value) }
    return true
  }

  func invalidHeaderArrived() {
    guard let stream = blockStream else { return }
    refuseBlock(stream, .invalidHeader, .protocolError)
  }

  /// The library found the block against the rules, and resets the stream.
  func headersBroke() {
    timers.headersEnded()
    guard let stream = blockStream else { return }
    blockStream = nil
    guard stream.ownReset == nil else { return }
    stream.ownReset = .invalidHeader
    wasProvoked(.invalidHeader)
  }

  private func refuseBlock(_ stream: HTTP2Stream, _ reason: HTTP2Stream.ResetReason, _ code: HTTP2ErrorCode) {
    timers.headersEnded()
    stream.ownReset = reason
    wasProvoked(reason)
    blockStream = nil
    codec?.submitReset(stream.streamID, code)
  }

  func headersEnded(_ category: HeaderCategory, endStream: Bool) {
    timers.headersEnded()
    guard let stream = blockStream else { return }
    blockStream = nil
    let isHead = category == .request || category == .response || collector.status != 0
    if endStream { stream.peerEnded = true }
    guard isHead else {
      stream.receivedTrailers = collector.block()
      events.append(.trailers(stream))
      return
    }
    // Informational responses say nothing that an RPC needs.
    if (100..<200).contains(collector.status) { return }
    if category == .request {
      stream.requestTarget = collector.target()
    } else {
      stream.responseStatus = collector.status
    }
    stream.headers = collector.block()
    stream.isAnnounced = true
    events.append(.headers(stream, endStream: endStream))
  }

  // MARK: Bodies

  func dataArrived(_ streamID: Int32, _ bytes: UnsafeRawBufferPointer) {
    arrivedBytes += bytes.count
    guard let stream = found(streamID), stream.isAnnounced, !stream.resetRequested else { return }
    stream.received += bytes.count
    unread += bytes.count
    events.append(.data(stream, bytes))
  }

  func bodyEnded(_ streamID: Int32) {
    guard let stream = found(streamID) else { return }
    stream.peerEnded = true
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
    peerLeaves = true
    events.append(.goAway(lastStreamID: lastStreamID, code: code, debug: [UInt8](debug.prefix(1_024))))
  }

  func complaintArrived(_ text: UnsafeRawBufferPointer) {
    complaint = String(decoding: text.prefix(256), as: UTF8.self)
  }
}
