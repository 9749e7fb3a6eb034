internal import CLibuv
internal import DubboCore
internal import Synchronization

/// The thread of one loop on libuv.
///
/// The thread itself retains the loop and this object until it leaves. `@unchecked Sendable`: the thread's name is
/// written before the thread can be seen by others, and used once, by whoever wins `claim`.
final class LoopThread: @unchecked Sendable {
  let loop: EventLoop
  private let backend: UVLoop
  private let name = UnsafeMutablePointer<uv_thread_t>.allocate(capacity: 1)
  private let state = Guarded(State())

  private struct State {
    var isOver = false
    /// Nobody may wait for the thread itself: it stays for the resolver, or somebody has waited already.
    var isClaimed = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  /// Makes a loop and starts its thread.
  init(descriptors: DescriptorBudget, log: Log, name loopName: String) throws(IOFailure) {
    backend = try UVLoop()
    loop = EventLoop(backend: backend, descriptors: descriptors, log: log, name: loopName)
    backend.loop = loop
    let context = Unmanaged.passRetained(self)
    let status = uv_thread_create(
      name,
      { context in
        guard let context else { return }
        Unmanaged<LoopThread>.fromOpaque(context).takeRetainedValue().main()
      }, context.toOpaque())
    guard status == 0 else {
      context.release()
      backend.discard()
      throw IOFailure(uv: status, "start a thread", on: "for an event loop")
    }
  }

  deinit { name.deallocate() }

  private func main() {
    dubbo_block_sigpipe()
    loop.threadEntered()
    let lingered = backend.run {
      // The resolver cannot be stopped: whoever waits for the loop need not wait for a name server too.
      _ = claim()
      dubbo_thread_detach(name.pointee)
      loop.threadLeft()
      announceEnd()
    }
    if !lingered {
      loop.threadLeft()
      announceEnd()
    }
  }

  private func announceEnd() {
    let waiters = state.withLock { state in
      state.isOver = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  private func claim() -> Bool {
    state.withLock { state in
      defer { state.isClaimed = true }
      return !state.isClaimed
    }
  }

  /// Returns when the loop is over and its thread gone. Any number of times.
  func join() async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if !state.isOver { state.waiters.append(continuation) }
        return state.isOver
      }
      if isOver { continuation.resume() }
    }
    // Its last step was to resume us: this does not block for longer than that takes.
    if claim() { uv_thread_join(name) }
  }

  /// For a group that nobody shut down.
  func abandon() {
    loop.end()
    if claim() { dubbo_thread_detach(name.pointee) }
  }
}
