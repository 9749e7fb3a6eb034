internal import DubboCore
internal import DubboCrypto

extension TLSSocket {
  /// Encrypts all of it or nothing. When the system does not take the ciphertext at once the answer is 0, and `write`,
  /// which then gets the same bytes, waits for the ciphertext.
  func tryWrite(_ bytes: UnsafeRawBufferPointer) throws(IOFailure) -> Int {
    guard isEstablished, !isClosed, !isBroken, blockInFlight == nil, !hasEncrypted else { return 0 }
    encrypt(bytes)
    if blockInFlight == nil { return bytes.count }
    hasEncrypted = true
    return 0
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(IOFailure) {
    ownerWaits = true
    if hasEncrypted {
      hasEncrypted = false
    } else {
      unencrypted = bytes
    }
  }

  var unwrittenBytes: Int { unencrypted?.count ?? (blockInFlight == nil ? 0 : socket.unwrittenBytes) }

  private func encrypt(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes
    do throws(TLSFailure) {
      while !rest.isEmpty {
        let record = UnsafeRawBufferPointer(rebasing: rest.prefix(TLSSession.recordSize))
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(record.count))
        try session.write(record)
        collect()
      }
      send()
    } catch {
      fail(error)
    }
  }

  private func collect() {
    let count = session.outgoingBytes
    guard count > 0 else { return }
    let room = UnsafeMutableRawBufferPointer(start: outgoing.reserve(count), count: count)
    outgoing.commit(session.drain(into: room))
  }

  /// Has the system write what the session has to say. What it does not take at once follows when it has room.
  func send() {
    collect()
    guard blockInFlight == nil, !outgoing.isEmpty, !isClosed else { return }
    do throws(IOFailure) {
      let written = try socket.tryWrite(outgoing.bytes)
      guard written < outgoing.count else { return outgoing.removeAll() }
      guard let block = outgoing.detach() else { return }
      blockInFlight = block
      try socket.write(UnsafeRawBufferPointer(start: block.base + written, count: block.count - written))
    } catch {
      if !isBroken {
        isBroken = true
        owner?.socketFailed(error)
      }
    }
  }

  func socketWrote() {
    giveBackBlock()
    guard !isClosed else { return }
    send()
    if blockInFlight == nil { goOnWriting() }
  }

  /// The way is free: encrypts what waits, or tells the owner that all is written.
  func goOnWriting() {
    if let waiting = unencrypted, blockInFlight == nil, isEstablished {
      unencrypted = nil
      encrypt(waiting)
    }
    guard blockInFlight == nil, unencrypted == nil, !isClosed, !isBroken else { return }
    if ownerWaits {
      ownerWaits = false
      owner?.socketWrote()
    } else if isShuttingDown {
      endWriting()
    }
  }

  func giveBackBlock() {
    guard let block = blockInFlight else { return }
    blockInFlight = nil
    loop.slabs.give(block.base, capacity: block.capacity)
  }

  // MARK: The end of our direction

  func shutDownWriting() throws(IOFailure) {
    guard !isClosed, !isShuttingDown else { return }
    isShuttingDown = true
    session.shutDown()
    send()
    if blockInFlight == nil { try socket.shutDownWriting() }
  }

  private func endWriting() {
    do throws(IOFailure) {
      try socket.shutDownWriting()
    } catch {
      owner?.socketFailed(error)
    }
  }
}
