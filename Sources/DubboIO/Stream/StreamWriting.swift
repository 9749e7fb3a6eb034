internal import DubboCore

extension ByteStream: Flushable {
  /// The system has not taken all of the last write yet.
  package var isWriting: Bool { blockInFlight != nil }

  /// Bytes that wait to leave, the write under way included. Marks for back-pressure are the handler's.
  package var queuedBytes: Int { output.count + (blockInFlight == nil ? 0 : socket?.unwrittenBytes ?? 0) }

  /// Has `streamFlush` called and the output written before the loop blocks next. Loop only, any number of times.
  package func markDirty() {
    guard !isDirty, phase == .open || phase == .finishing else { return }
    isDirty = true
    loop.markDirty(self)
  }

  /// For the loop.
  package func flush() {
    isDirty = false
    // With a write under way the output waits: its completion marks the stream again.
    guard blockInFlight == nil, phase == .open || phase == .finishing else { return }
    handler?.streamFlush()
    guard phase == .open || phase == .finishing else { return }
    if !output.isEmpty { writeOutput() }
    if phase == .finishing, blockInFlight == nil, !isDirty { endWriting() }
  }

  private func writeOutput() {
    guard let socket else { return }
    do {
      let written = try socket.tryWrite(output.bytes)
      lastActivity = loop.now
      if written >= output.count { return output.removeAll() }
      guard let block = output.detach() else { return }
      blockInFlight = block
      try socket.write(UnsafeRawBufferPointer(start: block.base + written, count: block.count - written))
      unwrittenAtLastLook = socket.unwrittenBytes
      stallDeadline = loop.deadlines.arm(self, at: loop.now.advanced(by: configuration.writeStallTimeout))
    } catch {
      close(.failed(error))
    }
  }

  package func socketWrote() {
    giveBackBlock()
    loop.deadlines.cancel(stallDeadline)
    guard phase == .open || phase == .finishing else { return }
    lastActivity = loop.now
    handler?.streamDrained()
    markDirty()
  }

  func giveBackBlock() {
    guard let block = blockInFlight else { return }
    blockInFlight = nil
    loop.slabs.give(block.base, capacity: block.capacity)
  }

  func checkWriteProgress() {
    guard blockInFlight != nil, let socket else { return }
    let unwritten = socket.unwrittenBytes
    guard unwritten < unwrittenAtLastLook else { return close(.writeStalled) }
    unwrittenAtLastLook = unwritten
    lastActivity = loop.now
    stallDeadline = loop.deadlines.arm(self, at: loop.now.advanced(by: configuration.writeStallTimeout))
  }
}
