extension ByteStream {
  /// Takes no more from the peer, whose sending then stalls. Its end or reset stays unseen meanwhile, so that the
  /// handler needs a clock of its own.
  package func pauseReading() {
    assert(loop.isCurrent)
    isReadingPaused = true
    if phase == .open, hasBegun { socket?.stopReading() }
  }

  package func resumeReading() {
    assert(loop.isCurrent)
    guard isReadingPaused else { return }
    isReadingPaused = false
    if phase == .open, hasBegun, !peerHasEnded { socket?.startReading() }
  }
}

extension ByteStream: SocketOwner {
  package func socketConnected() {}

  package func socketReceived(_ bytes: UnsafeRawBufferPointer) {
    lastActivity = loop.now
    // In the other phases the peer speaks to nobody; reading goes on so that its bytes do not turn our end into a reset.
    if phase == .open { handler?.streamReceived(bytes) }
  }

  package func socketReachedEnd() {
    peerHasEnded = true
    switch phase {
    case .open: handler?.streamReachedEnd()
    case .lingering: close(.finished)
    case .finishing, .closing, .closed: break
    }
  }

  package func socketFailed(_ failure: IOFailure) {
    close(phase == .lingering ? .finished : .failed(failure))
  }
}
