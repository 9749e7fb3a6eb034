internal import CLibuv
internal import Synchronization

/// How many connections a listener serves at once.
package struct ConnectionLimits: Sendable, Hashable {
  package var total: Int
  /// From one IP address. Unix sockets are one peer without an address and count in the total only.
  package var perAddress: Int
  package init(total: Int = 10_000, perAddress: Int = 1_000) {
    self.total = total
    self.perAddress = perAddress
  }
}

/// Counts the connections of a listener over all loops. For any thread.
package final class ConnectionGate: Sendable {
  private struct Counts {
    var total = 0
    var byAddress: [SocketAddress: Int] = [:]
    var refusals = 0
    /// The most there were since memory was last given back.
    var most = 0

    /// Whether a crowd has gone, whose memory nobody will need soon: it cost tens of megabytes, which the allocator
    /// would keep for ever.
    mutating func hasCrowdGone() -> Bool {
      guard most >= ConnectionGate.crowd, total <= most / 16 else { return false }
      most = total
      return true
    }
  }
  fileprivate static let crowd = 1_000
  package let limits: ConnectionLimits
  private let counts = Guarded(Counts())
  private let descriptors: DescriptorBudget

  init(limits: ConnectionLimits, descriptors: DescriptorBudget) {
    self.limits = limits
    self.descriptors = descriptors
  }

  /// Connections admitted and not closed yet.
  package var count: Int { counts.withLock { $0.total } }
  /// How often a connection was refused, by whichever limit.
  package var refusals: Int { counts.withLock { $0.refusals } }

  /// A place for a connection from `peer`; nil when a limit says no.
  func admit(_ peer: SocketAddress) -> ConnectionAdmission? {
    let key = Self.key(peer)
    let isAdmitted = counts.withLock { counts in
      if counts.total >= limits.total {
        counts.refusals += 1
        return false
      }
      if let key {
        let here = counts.byAddress[key, default: 0]
        if here >= limits.perAddress {
          counts.refusals += 1
          return false
        }
        counts.byAddress[key] = here + 1
      }
      counts.total += 1
      counts.most = max(counts.most, counts.total)
      return true
    }
    return isAdmitted ? ConnectionAdmission(descriptors: descriptors, gate: self, key: key) : nil
  }

  fileprivate func leave(_ key: SocketAddress?) {
    let hasCrowdGone = counts.withLock { counts in
      counts.total -= 1
      if let key, let here = counts.byAddress[key] { counts.byAddress[key] = here > 1 ? here - 1 : nil }
      return counts.hasCrowdGone()
    }
    if hasCrowdGone { dubbo_give_memory_back() }
  }

  private static func key(_ peer: SocketAddress) -> SocketAddress? {
    if case .unix = peer { return nil }
    return peer.with(port: 0)
  }
}

/// One connection's place in the counts. Given back once; a second time does nothing.
final class ConnectionAdmission: Sendable {
  private let descriptors: DescriptorBudget
  /// None for connections of our own to others.
  private let gate: ConnectionGate?
  private let key: SocketAddress?
  private let isHeld = Atomic<Bool>(true)

  init(descriptors: DescriptorBudget, gate: ConnectionGate? = nil, key: SocketAddress? = nil) {
    self.descriptors = descriptors
    self.gate = gate
    self.key = key
    descriptors.take()
  }

  func release() {
    guard isHeld.exchange(false, ordering: .relaxed) else { return }
    gate?.leave(key)
    descriptors.giveBack()
  }
}
