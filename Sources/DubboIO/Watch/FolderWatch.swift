internal import DubboCore

/// Tells when the names in a folder may have changed.
///
/// It hears of changes from the system, gathers those that come close together into one, and looks again at a slow
/// beat all the same: for the system forgets some, its watches are limited, and the folder may come, go or be replaced.
/// For any thread; one waiter at a time.
package final class FolderWatch: Sendable {
  private struct State {
    var hasChanged = false
    var isClosed = false
    var waiter: CheckedContinuation<Bool, Never>?
  }
  private let state = Guarded(State())
  private let loop: EventLoop
  private let eye: FolderEye

  /// - Parameters:
  ///   - beat: how often `changed` returns when the system says nothing.
  ///   - settling: how long changes are gathered after the first.
  package init(
    of path: String, on loop: EventLoop, beat: Duration = .seconds(2), settling: Duration = .milliseconds(20)
  ) {
    self.loop = loop
    eye = FolderEye(path: path, beat: beat, settling: settling)
    eye.watch = self
    if !loop.submit(eye) { close() }
  }

  /// Returns true when the folder may have changed since the last return, false once the watch was closed, the task
  /// cancelled or the loop ended.
  package func changed() async -> Bool {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          if state.isClosed || Task.isCancelled { return false }
          if state.hasChanged {
            state.hasChanged = false
            return true
          }
          assert(state.waiter == nil, "a folder watch has one waiter")
          state.waiter = continuation
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      take { state in
        // What is not told now is told to the next who waits.
        defer { state.waiter = nil }
        return state.waiter
      }?.resume(returning: false)
    }
  }

  /// Ends the watch; `changed` returns false from now on. Any number of times.
  package func close() {
    take { state in
      state.isClosed = true
      defer { state.waiter = nil }
      return state.waiter
    }?.resume(returning: false)
    _ = loop.submit(FolderEyeClosing(eye: eye))
  }

  func tell() {
    take { state in
      guard let waiter = state.waiter else {
        state.hasChanged = true
        return nil
      }
      state.waiter = nil
      return waiter
    }?.resume(returning: true)
  }

  private func take(
    _ body: (inout State) -> CheckedContinuation<Bool, Never>?
  ) -> CheckedContinuation<Bool, Never>? {
    state.withLock(body)
  }

  deinit { _ = loop.submit(FolderEyeClosing(eye: eye)) }
}

/// The part of a watch that lives on the loop.
///
/// `@unchecked Sendable`: `watch` is set before the loop sees this; all else is touched on the loop only.
private final class FolderEye: LoopWork, LoopResource, DeadlineHandler, FolderSourceOwner, @unchecked Sendable {
  weak var watch: FolderWatch?
  private let path: String
  private let beat: Duration
  private let settling: Duration
  private var loop: EventLoop?
  private var source: (any EventSource)?
  private var beatDeadline = DeadlineToken.none
  private var settled = DeadlineToken.none
  private var isSettling = false
  private var isClosed = false
  var resourceIndex = -1

  init(path: String, beat: Duration, settling: Duration) {
    self.path = path
    self.beat = beat
    self.settling = settling
  }

  func run(on loop: EventLoop) {
    guard !isClosed else { return }
    self.loop = loop
    loop.add(self)
    guard !isClosed else { return }
    openSource()
    // What happened before the watch began was seen by nobody.
    watch?.tell()
    beatDeadline = loop.deadlines.arm(self, at: loop.now.advanced(by: beat))
  }

  private func openSource() {
    guard let loop, source == nil else { return }
    do throws(IOFailure) {
      source = try loop.backend.watch(folder: path, owner: self)
    } catch {
      loop.pacer.log(
        loop.log, .warning, key: "watch \(path)", now: loop.now,
        "\(error.description). Until it works, the folder is looked at every \(beat) instead.")
    }
  }

  func folderChanged() {
    guard let loop, !isSettling else { return }
    isSettling = true
    settled = loop.deadlines.arm(self, at: loop.now.advanced(by: settling))
  }

  func folderFailed(_ failure: IOFailure) {
    source?.close()
    source = nil
  }

  func deadlineReached(_ token: DeadlineToken) {
    guard let loop, !isClosed else { return }
    if token == settled {
      isSettling = false
    } else {
      // A folder that was replaced by another of its name keeps the old one's watch: begin anew at each beat.
      source?.close()
      source = nil
      openSource()
      beatDeadline = loop.deadlines.arm(self, at: loop.now.advanced(by: beat))
    }
    watch?.tell()
  }

  func close() {
    isClosed = true
    source?.close()
    source = nil
    guard let loop else { return }
    self.loop = nil
    loop.deadlines.cancel(beatDeadline)
    loop.deadlines.cancel(settled)
    loop.remove(self)
  }

  func loopEnds() {
    close()
    watch?.close()
  }
}

private final class FolderEyeClosing: LoopWork {
  let eye: FolderEye
  init(eye: FolderEye) { self.eye = eye }
  func run(on loop: EventLoop) { eye.close() }
}
