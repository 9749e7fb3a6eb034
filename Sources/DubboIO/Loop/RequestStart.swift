/// The one file that starts tasks without a task group around them: a request begins in the middle of a loop's turn,
/// where no async frame exists that could own it. Its connection keeps the handle, cancels it and outlives it.

/// A request that can be carried out, loop-confined like the connection it came from.
package protocol LoopRequest: AnyObject {
  /// Runs on the loop, and comes back to it after every suspension. It ends by itself, or soon after it is cancelled.
  func run() async
}

extension EventLoop {
  /// Starts `request` at once, on the caller's stack, for as long as it does not suspend; the rest is jobs of this
  /// loop. It may be over before this returns. Loop only.
  ///
  /// - Parameter name: who is named when the first step holds the loop for long.
  @discardableResult
  package func startRequest(named name: @autoclosure () -> String, _ request: any LoopRequest) -> Task<Void, Never> {
    assert(isCurrent, "a request starts on its connection's loop")
    // Not Sendable and handed to a task all the same: the task runs on this loop only, where the request lives.
    nonisolated(unsafe) let request = request
    let task = Task.immediate(executorPreference: self) { await request.run() }
    noteHold(name())
    return task
  }

  /// After the loop's end: has the global pool run the jobs that still arrive.
  func startAfterlife() {
    Task.detached { self.drainAfterEnd() }
  }
}
