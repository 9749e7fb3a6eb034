/// Streams whose peer keeps its window shut: what they have queued, and their handlers, are held for nobody.
///
/// Looked at once per `HTTP2Limits.streamStall` (`crowdedStall` when the queues are long) while anything is queued: a
/// stream that had bytes queued at the last look and has sent none since is reset. So one that stands still lasts
/// between one and two of these periods.
extension HTTP2Session {
  /// Something may be left in the queues: makes sure that it is looked at.
  func watchStalls() {
    if queuedBodyBytes > 0 { timers.stallBegan(isCrowded: isCrowded, now) }
  }

  func resetStalledStreams() {
    timers.stallEnded()
    for stream in live.all where stream.queuedBytes > 0 && !stream.resetRequested {
      if stream.sentAtLastLook == stream.sent {
        stream.ownReset = .stalled
        counts.stalled += 1
        stream.reset(.cancel)
      }
      stream.sentAtLastLook = stream.sent
    }
    watchStalls()
  }
}
