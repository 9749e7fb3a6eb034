/// What a connection has seen since it began, for metrics: these show an attack, or a limit that is too tight.
package struct HTTP2Counters: Sendable, Hashable {
  /// Streams opened by the peer or by us.
  package var opened = 0
  /// Requests refused because every slot was taken.
  package var refused = 0
  /// RST_STREAM frames of the peer for open streams, and those of them that were early.
  package var resetsReceived = 0
  package var earlyResets = 0
  /// RST_STREAM frames that we sent, and those of them that the peer provoked.
  package var resetsSent = 0
  package var provokedResets = 0
  /// Header lists over `maxHeaderListSize` or `maxHeaderFields`.
  package var oversizeHeaderLists = 0
  /// Streams reset because their peer read nothing for `streamStall`.
  package var stalled = 0
}

extension HTTP2Session {
  package var counters: HTTP2Counters { counts }
}
