import Synchronization

/// How many messages of a stream are under way and since when, between the task that writes and the one that reads.
final class SendWindow: Sendable {
  private struct State {
    /// A ring of the times at which the messages under way were sent.
    var times: [UInt64]
    var first = 0
    var count = 0
    var isOpen = false
    var writer: UnsafeContinuation<Void, Never>?
  }

  private let state: Mutex<State>

  init(size: Int) {
    state = Mutex(State(times: [UInt64](repeating: 0, count: size)))
  }

  /// Returns at once while there is room; else when half of the window has been answered.
  func waitForRoom() async {
    guard !hasRoom else { return }
    await withUnsafeContinuation { continuation in
      let goesOn = state.withLock { state in
        guard !state.isOpen, state.count == state.times.count else { return true }
        state.writer = continuation
        return false
      }
      if goesOn { continuation.resume() }
    }
  }

  private var hasRoom: Bool {
    state.withLock { $0.isOpen || $0.count < $0.times.count }
  }

  func sent() {
    let now = nanoseconds()
    state.withLock { state in
      guard state.count < state.times.count else { return }
      state.times[(state.first + state.count) % state.times.count] = now
      state.count += 1
    }
  }

  /// When the oldest message under way was sent.
  func answered() -> UInt64 {
    let (time, writer) = state.withLock { state -> (UInt64, UnsafeContinuation<Void, Never>?) in
      guard state.count > 0 else { return (nanoseconds(), nil) }
      let time = state.times[state.first]
      state.first = (state.first + 1) % state.times.count
      state.count -= 1
      return (time, state.count <= state.times.count / 2 ? state.writer.take() : nil)
    }
    writer?.resume()
    return time
  }

  /// Nothing comes any more: lets the writer go on to its end.
  func open() {
    let writer = state.withLock { state in
      state.isOpen = true
      return state.writer.take()
    }
    writer?.resume()
  }
}
