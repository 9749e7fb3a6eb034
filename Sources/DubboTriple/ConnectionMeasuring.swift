internal import DubboCore
internal import DubboHTTP
internal import DubboIO

/// Has `measure` run on `loop` and hands its answer over; an empty one when the loop has ended.
func measured(
  on loop: EventLoop, _ measure: @escaping @Sendable () -> ConnectionMetrics
) async -> ConnectionMetrics {
  (try? await loop.perform(measure)) ?? ConnectionMetrics()
}

extension ConnectionMetrics {
  /// Adds an open connection.
  mutating func add(_ session: HTTP2Session?, runningMethods: Int = 0) {
    openConnections += 1
    self.runningMethods += runningMethods
    guard let session else { return }
    openStreams += session.liveStreams
    queuedBytes += session.queuedBytes
    unreadBytes += session.unreadBytes
    add(past: session)
  }

  /// Adds what a connection that is closed has seen.
  mutating func addClosed(_ session: HTTP2Session?) {
    closedConnections += 1
    if let session { add(past: session) }
  }

  private mutating func add(past session: HTTP2Session) {
    let counters = session.counters
    if let failure = session.failure, failure.code != .noError { brokenConnections += 1 }
    openedStreams += counters.opened
    refusedStreams += counters.refused
    receivedResets += counters.resetsReceived
    earlyResets += counters.earlyResets
    sentResets += counters.resetsSent
    provokedResets += counters.provokedResets
    oversizeHeaderLists += counters.oversizeHeaderLists
    stalledStreams += counters.stalled
  }

  /// Adds what the loops tell about themselves.
  mutating func add(_ loops: [EventLoop]) {
    for loop in loops {
      longestTurn = max(longestTurn, .nanoseconds(Int64(clamping: loop.metrics.longestTurnNanoseconds)))
      loopHolds += Int(clamping: loop.metrics.holds)
    }
  }
}
