/// What the connections of a protocol hold at this moment, and what they have seen since the protocol was made.
///
/// For dashboards and for the question whether a limit is too tight: an honest peer that meets one shows here.
public struct ConnectionMetrics: Sendable, Hashable {
  // Now

  /// Connections that are open, those of callers and those to providers.
  public var openConnections = 0
  /// Calls under way on them.
  public var openStreams = 0
  /// Methods of providers that have not returned, those of cancelled calls included.
  public var runningMethods = 0
  /// Bytes of messages that wait to be sent.
  public var queuedBytes = 0
  /// Bytes of messages that were received and not read.
  public var unreadBytes = 0

  // Since the beginning

  /// Connections that were closed since.
  public var closedConnections = 0
  /// Connections that were not accepted, for there were too many.
  public var refusedConnections = 0
  /// Connections that were ended because their peer broke a rule or a limit.
  public var brokenConnections = 0
  /// Calls that were begun.
  public var openedStreams = 0
  /// Calls that were refused, for the connection had too many.
  public var refusedStreams = 0
  /// Calls that the peer ended by a reset, and of them those that it ended right after it had opened them.
  public var receivedResets = 0
  public var earlyResets = 0
  /// Calls that this side ended by a reset, and of them those whose peer broke a rule.
  public var sentResets = 0
  public var provokedResets = 0
  /// Header lists over their limit.
  public var oversizeHeaderLists = 0
  /// Calls that were ended because their peer read nothing for too long.
  public var stalledStreams = 0

  // The event loops

  /// The longest time that an event loop kept its connections waiting.
  public var longestTurn = Duration.zero
  /// How often something held an event loop for more than ten milliseconds.
  public var loopHolds = 0

  public init() {}

  /// Adds what `other` counted; of the times the longer one counts.
  public static func += (sum: inout ConnectionMetrics, other: ConnectionMetrics) {
    sum.openConnections += other.openConnections
    sum.openStreams += other.openStreams
    sum.runningMethods += other.runningMethods
    sum.queuedBytes += other.queuedBytes
    sum.unreadBytes += other.unreadBytes
    sum.closedConnections += other.closedConnections
    sum.refusedConnections += other.refusedConnections
    sum.brokenConnections += other.brokenConnections
    sum.openedStreams += other.openedStreams
    sum.refusedStreams += other.refusedStreams
    sum.receivedResets += other.receivedResets
    sum.earlyResets += other.earlyResets
    sum.sentResets += other.sentResets
    sum.provokedResets += other.provokedResets
    sum.oversizeHeaderLists += other.oversizeHeaderLists
    sum.stalledStreams += other.stalledStreams
    sum.longestTurn = max(sum.longestTurn, other.longestTurn)
    sum.loopHolds += other.loopHolds
  }
}

extension ConnectionMetrics: CustomStringConvertible {
  /// One line for people; what is zero and unremarkable is left out.
  public var description: String {
    let counts: [(Int, String)] = [
      (closedConnections, "closed"), (refusedConnections, "refused"), (brokenConnections, "broken off"),
    ]
    let resets: [(Int, String)] = [
      (receivedResets, "by the peer"), (earlyResets, "of them early"), (sentResets, "by us"),
      (provokedResets, "of them provoked"),
    ]
    let troubles: [(Int, String)] = [
      (refusedStreams, "calls refused"), (oversizeHeaderLists, "header lists too large"),
      (stalledStreams, "calls stalled"), (loopHolds, "loops held"),
    ]
    var parts = ["\(openConnections) connections open\(Self.list(counts, before: ", "))"]
    parts.append("\(openedStreams) calls, \(openStreams) under way, \(runningMethods) methods running")
    parts.append("\(receivedResets + sentResets) resets\(Self.list(resets, before: ": "))")
    parts.append("\(queuedBytes) bytes to send, \(unreadBytes) unread")
    if troubles.contains(where: { $0.0 > 0 }) { parts.append(Self.list(troubles, before: "")) }
    parts.append("longest turn \(longestTurn.saturatedNanoseconds / 1_000) µs")
    return parts.joined(separator: "; ")
  }

  private static func list(_ counts: [(Int, String)], before: String) -> String {
    let said = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return said.isEmpty ? "" : before + said.joined(separator: ", ")
  }
}
