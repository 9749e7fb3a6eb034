internal import Synchronization

/// The context that new connections take. Those that are open keep the one that they have, so that it can be replaced at
/// any time. For any thread.
package final class TLSContextSource: Sendable {
  private let context: Mutex<TLSContext>

  package init(_ context: TLSContext) {
    self.context = Mutex(context)
  }

  package var current: TLSContext { context.withLock { $0 } }

  package func replace(with next: TLSContext) {
    context.withLock { $0 = next }
  }
}
