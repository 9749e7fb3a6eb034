internal import Synchronization

/// The subscribers' side of a registry or config center: keeps the last value of each topic and hands every new one on.
///
/// A slow subscriber misses values in between, never the last. Topics that nobody subscribes to are forgotten.
package final class Feed<Topic: Hashable & Comparable & Sendable, Value: Sendable>: Sendable {
  private struct Subscriber {
    var id: UInt64
    var continuation: AsyncStream<Value>.Continuation
  }

  private struct Entry {
    var last: Value?
    var subscribers: [Subscriber] = []
  }

  private struct State {
    var entries: [Topic: Entry] = [:]
    var lastID: UInt64 = 0
    var isFinished = false
  }

  private let state = Mutex(State())
  private let onInterest: @Sendable () -> Void

  /// - Parameter onInterest: called after someone has subscribed to a topic of which nothing is known yet.
  package init(onInterest: @escaping @Sendable () -> Void = {}) {
    self.onInterest = onInterest
  }

  /// The last value of `topic` where there is one, then every new one.
  package func values(of topic: Topic) -> AsyncStream<Value> {
    let (stream, continuation) = AsyncStream.makeStream(of: Value.self, bufferingPolicy: .bufferingNewest(1))
    let (id, isNew) = state.withLock { state -> (UInt64?, Bool) in
      guard !state.isFinished else { return (nil, false) }
      state.lastID += 1
      state.entries[topic, default: Entry()].subscribers.append(
        Subscriber(id: state.lastID, continuation: continuation))
      let last = state.entries[topic]?.last
      if let last { continuation.yield(last) }
      return (state.lastID, last == nil)
    }
    guard let id else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in self?.unsubscribe(id, from: topic) }
    if isNew { onInterest() }
    return stream
  }

  private func unsubscribe(_ id: UInt64, from topic: Topic) {
    state.withLock { state in
      state.entries[topic]?.subscribers.removeAll { $0.id == id }
      if state.entries[topic]?.subscribers.isEmpty == true { state.entries[topic] = nil }
    }
  }

  /// What somebody subscribes to, sorted.
  package var topics: [Topic] {
    state.withLock { $0.entries.keys.sorted() }
  }

  /// Hands on what `change` makes of the last value of `topic`; nil is no change. Not called when nobody subscribes.
  package func publish(for topic: Topic, _ change: (_ last: Value?) -> Value?) {
    state.withLock { state in
      guard let entry = state.entries[topic], let next = change(entry.last) else { return }
      state.entries[topic]?.last = next
      // Under the lock, so that values arrive in the order in which they were made.
      for subscriber in entry.subscribers { subscriber.continuation.yield(next) }
    }
  }

  /// Ends every subscription, present and future.
  package func finish() {
    let subscribers = state.withLock { state in
      state.isFinished = true
      return state.entries.values.flatMap(\.subscribers)
    }
    for subscriber in subscribers { subscriber.continuation.finish() }
  }
}
