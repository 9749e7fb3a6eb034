internal import CLibuv

/// The signals that ask a process to end, for an application that wants to end in order.
package enum ProcessSignal {
  /// What service supervisors send, and Control-C.
  package static let termination: [CInt] = [SIGTERM, SIGINT]

  /// Waits for the first of `signals` and returns it, or nil when the task is cancelled. Until then they do not end
  /// the process; afterwards they do again, or whatever they did before, so that whoever sends a second one is obeyed
  /// at once.
  ///
  /// - Parameter onReady: called when the process listens.
  package static func first(
    of signals: [CInt], onReady: @escaping @Sendable () -> Void = {}
  ) async throws(IOFailure) -> CInt? {
    let wait = try SignalWait(signals)
    return await withTaskCancellationHandler {
      await wait.run(onReady)
    } onCancel: {
      wait.stop()
    }
  }
}

/// A thread with a libuv loop of its own that listens for signals, so that it works whatever the loops of the
/// application are doing.
///
/// Owner of the `uv_loop_t` and its handles: made in `init`, run and freed by the thread in `main()`, which retains
/// this object until it leaves. `@unchecked Sendable`: the handles are touched by the thread only, but for `wake`,
/// which any thread may send to under the lock until the thread has set `isOver` under the same lock.
private final class SignalWait: @unchecked Sendable {
  private struct State {
    var isOver = false
    var isStopped = false
    var received: CInt?
    var continuation: CheckedContinuation<CInt?, Never>?
  }

  private let raw = UnsafeMutablePointer<uv_loop_t>.allocate(capacity: 1)
  private let wake = UVHandle.allocate(uv_async_t.self)
  private var handles: [UnsafeMutablePointer<uv_signal_t>] = []
  private let signals: [CInt]
  /// What the process did with each signal before; freed when it is restored.
  private var dispositions: [(signal: CInt, before: UnsafeMutablePointer<sigaction>)] = []
  private var onReady: @Sendable () -> Void = {}
  private let state = Guarded(State())

  init(_ signals: [CInt]) throws(IOFailure) {
    self.signals = signals
    do throws(IOFailure) {
      try check(uv_loop_init(raw), "listen for signals")
    } catch {
      raw.deallocate()
      wake.deallocate()
      throw error
    }
    do throws(IOFailure) {
      try check(uv_async_init(raw, wake) { SignalWait.of($0?.pointee.data)?.end() }, "listen for signals")
    } catch {
      uv_loop_close(raw)
      raw.deallocate()
      wake.deallocate()
      throw error
    }
    wake.pointee.data = Unmanaged.passUnretained(self).toOpaque()
  }

  /// Starts the thread and returns what it heard. Called once.
  func run(_ onReady: @escaping @Sendable () -> Void) async -> CInt? {
    self.onReady = onReady
    return await withCheckedContinuation { continuation in
      state.withLock { $0.continuation = continuation }
      var thread = uv_thread_t()
      // Balanced by the thread when it leaves.
      let context = Unmanaged.passRetained(self)
      let status = uv_thread_create(
        &thread,
        { context in
          guard let context else { return }
          Unmanaged<SignalWait>.fromOpaque(context).takeRetainedValue().main()
        }, context.toOpaque())
      if status == 0 {
        dubbo_thread_detach(thread)
      } else {
        // Without a thread nothing was started: what `main` would free is freed by running it to its end here.
        context.release()
        end()
        finish()
      }
    }
  }

  /// From any thread.
  func stop() {
    state.withLock { state in
      state.isStopped = true
      if !state.isOver { checkOurs(uv_async_send(wake), "ending a wait for signals") }
    }
  }

  private func main() {
    dubbo_block_sigpipe()
    for signal in signals {
      dubbo_unblock_signal(signal)
      let handle = UVHandle.allocate(uv_signal_t.self)
      guard uv_signal_init(raw, handle) == 0 else {
        handle.deallocate()
        continue
      }
      handle.pointee.data = Unmanaged.passUnretained(self).toOpaque()
      handles.append(handle)
      let before = dubbo_signal_save(signal)
      uv_signal_start(handle, { handle, signal in SignalWait.of(handle?.pointee.data)?.receive(signal) }, signal)
      guard let before else { continue }
      if dubbo_signal_same(signal, before) != 0 {
        // Another wait has the signal and will restore it.
        free(before)
      } else {
        dispositions.append((signal, before))
      }
    }
    if state.withLock({ $0.isStopped }) { end() } else { onReady() }
    finish()
  }

  private func receive(_ signal: CInt) {
    state.withLock { state in
      if state.received == nil { state.received = signal }
    }
    end()
  }

  /// Closes the handles; on the thread. The second time it does nothing.
  private func end() {
    guard
      state.withLock({ state in
        defer { state.isOver = true }
        return !state.isOver
      })
    else { return }
    for handle in handles {
      Self.close(handle) { handle in
        UnsafeMutableRawPointer(handle)?.assumingMemoryBound(to: uv_signal_t.self).deallocate()
      }
    }
    handles = []
    Self.close(wake) { handle in
      UnsafeMutableRawPointer(handle)?.assumingMemoryBound(to: uv_async_t.self).deallocate()
    }
  }

  /// Runs the loop until the handles are closed, frees it, and tells who waits.
  private func finish() {
    uv_run(raw, UV_RUN_DEFAULT)
    checkOurs(uv_loop_close(raw), "closing the loop of signals")
    raw.deallocate()
    for (signal, before) in dispositions {
      dubbo_signal_restore(signal, before)
      free(before)
    }
    dispositions = []
    let (continuation, received) = state.withLock { ($0.continuation.take(), $0.received) }
    continuation?.resume(returning: received)
  }

  private static func close(_ handle: UnsafeMutableRawPointer, _ closed: uv_close_cb) {
    uv_close(handle.assumingMemoryBound(to: uv_handle_t.self), closed)
  }

  private static func of(_ data: UnsafeMutableRawPointer?) -> SignalWait? {
    data.map { Unmanaged<SignalWait>.fromOpaque($0).takeUnretainedValue() }
  }
}
