package import DubboCore
internal import Synchronization

/// The subscribers' side of a registry: keeps the last snapshot of each interface and hands every new one on.
///
/// A registry publishes what it knows as often as it likes; only changes become snapshots.
package final class SnapshotFeed: Sendable {
  private struct Topic {
    var last: RegistrySnapshot?
    var subscribers: [(id: UInt64, continuation: AsyncStream<RegistrySnapshot>.Continuation)] = []
  }

  private struct State {
    var topics: [String: Topic] = [:]
    var lastID: UInt64 = 0
    var isFinished = false
  }

  private let state = Mutex(State())
  private let onInterest: @Sendable () -> Void

  /// - Parameter onInterest: called after someone has subscribed to an interface of which nothing is known yet.
  package init(onInterest: @escaping @Sendable () -> Void = {}) {
    self.onInterest = onInterest
  }

  package func subscribe(to service: ServiceKey) -> AsyncStream<RegistrySnapshot> {
    let (stream, continuation) = AsyncStream.makeStream(of: RegistrySnapshot.self, bufferingPolicy: .bufferingNewest(1))
    let interface = service.interface
    let (id, isNew) = state.withLock { state -> (UInt64?, Bool) in
      guard !state.isFinished else { return (nil, false) }
      state.lastID += 1
      state.topics[interface, default: Topic()].subscribers.append((state.lastID, continuation))
      let last = state.topics[interface]?.last
      if let last { continuation.yield(last) }
      return (state.lastID, last == nil)
    }
    guard let id else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in self?.unsubscribe(id, from: interface) }
    if isNew { onInterest() }
    return stream
  }

  private func unsubscribe(_ id: UInt64, from interface: String) {
    state.withLock { state in
      state.topics[interface]?.subscribers.removeAll { $0.id == id }
      if state.topics[interface]?.subscribers.isEmpty == true { state.topics[interface] = nil }
    }
  }

  /// The interfaces that somebody watches, sorted.
  package var interfaces: [String] {
    state.withLock { $0.topics.keys.sorted() }
  }

  /// Hands `providers` to the subscribers of `interface` if they, or the trouble, are not what the last snapshot says.
  package func publish(_ providers: [DubboURL], for interface: String, trouble: String? = nil) {
    state.withLock { state in
      guard var topic = state.topics[interface] else { return }
      if let last = topic.last, last.providers == providers, last.trouble == trouble { return }
      let next = RegistrySnapshot(
        version: (topic.last?.version ?? 0) + 1, providers: providers, trouble: trouble)
      topic.last = next
      state.topics[interface] = topic
      // Under the lock, so that snapshots arrive in the order of their versions.
      for subscriber in topic.subscribers { subscriber.continuation.yield(next) }
    }
  }

  /// Says that the registry cannot tell the state of `interface` now; the providers stay what they were.
  package func report(trouble: String, for interface: String) {
    publish(state.withLock { $0.topics[interface]?.last?.providers ?? [] }, for: interface, trouble: trouble)
  }

  /// Ends every subscription, present and future.
  package func finish() {
    let subscribers = state.withLock { state in
      state.isFinished = true
      return state.topics.values.flatMap(\.subscribers)
    }
    for subscriber in subscribers { subscriber.continuation.finish() }
  }
}
