internal import DubboCore

extension ByteStream {
  /// Ends in order: what is queued is written, our direction ended, and what the peer still sends is read and thrown
  /// away until it ends too or the linger time is over. So it gets our last byte, whatever it was sending.
  package func finish() {
    assert(loop.isCurrent)
    guard phase == .open else { return }
    phase = .finishing
    if isReadingPaused, hasBegun, !peerHasEnded { socket?.startReading() }
    markDirty()
  }

  /// Ends at once; what was not written is lost. `streamClosed` follows in this turn or the next. Any number of times.
  package func close(_ reason: StreamCloseReason) {
    end(reason, reset: false)
  }

  /// The same, and the peer sees a reset: for those who abuse the connection.
  package func reset(_ why: String) {
    end(.closed(why), reset: true)
  }

  private func end(_ reason: StreamCloseReason, reset: Bool) {
    assert(loop.isCurrent)
    guard phase != .closing, phase != .closed else { return }
    phase = .closing
    closeReason = reason
    loop.deadlines.cancel(stallDeadline)
    loop.deadlines.cancel(idleDeadline)
    loop.deadlines.cancel(lingerDeadline)
    output.removeAll()
    if let socket {
      socket.close(reset: reset)
    } else {
      socketClosed()
    }
  }

  /// Everything is written and the handler has no more.
  func endWriting() {
    phase = .lingering
    do {
      try socket?.shutDownWriting()
    } catch {
      // The connection is gone already, and everything was written.
      close(.finished)
    }
  }

  package func socketShutDown() {
    guard phase == .lingering else { return }
    if peerHasEnded { return close(.finished) }
    lingerDeadline = loop.deadlines.arm(self, at: loop.now.advanced(by: configuration.lingerTimeout))
  }

  package func socketClosed() {
    guard phase != .closed else { return }
    phase = .closed
    giveBackBlock()
    socket = nil
    loop.remove(self)
    admission?.release()
    admission = nil
    let handler = self.handler
    self.handler = nil
    handler?.streamClosed(closeReason)
  }

  func loopEnds() { close(.loopEnded) }
}
