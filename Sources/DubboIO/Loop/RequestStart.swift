/// The one file that starts tasks without a task group around them: a request begins in the middle of a loop's turn,
/// where no async frame exists that could own it. Its connection keeps the worker, cancels it and outlives it.

/// A request that can be carried out, loop-confined like the connection it came from.
package protocol LoopRequest: AnyObject {
  /// Who is named when a step holds the loop for long.
  var name: String { get }
  /// Runs on the loop, and comes back to it after every suspension. It ends by itself, or soon after `worker` was
  /// told to cancel it. The worker carries another request afterwards, so the reference is dropped by then.
  func run(in worker: RequestWorker) async
}

/// A task that carries requests out, one after the other: making a task for each would cost as much as all the rest
/// of starting one. Loop-confined.
package final class RequestWorker {
  fileprivate var task: Task<Void, Never>?
  fileprivate var parking: UnsafeContinuation<Void, Never>?
  private var isCancelled = false

  /// Cancels the request that it carries out now. The task ends with that request, for what is cancelled stays so.
  package func cancel() {
    isCancelled = true
    task?.cancel()
  }

  fileprivate func began(_ task: Task<Void, Never>) {
    self.task = task
    if isCancelled { task.cancel() }
  }
}

/// The requests of a loop that have yet to start, and the workers that have nothing to do. Loop-confined.
final class RequestLine {
  /// Workers beyond these end when they run out of requests.
  private static var keptWorkers: Int { 64 }

  @exclusivity(unchecked) private var waiting: ContiguousArray<any LoopRequest> = []
  @exclusivity(unchecked) private var head = 0
  @exclusivity(unchecked) private var idle: ContiguousArray<RequestWorker> = []
  private var isClosed = false

  var isEmpty: Bool { head == waiting.count }

  func append(_ request: any LoopRequest) { waiting.append(request) }

  func next() -> (any LoopRequest)? {
    guard head < waiting.count else { return nil }
    let request = waiting[head]
    head += 1
    if head == waiting.count {
      waiting.removeAll(keepingCapacity: head <= 1_024)
      head = 0
    }
    return request
  }

  func takeIdleWorker() -> RequestWorker? { idle.popLast() }

  /// Waits until `worker` is resumed; false when it is to end.
  func park(_ worker: RequestWorker) async -> Bool {
    guard !isClosed, idle.count < Self.keptWorkers, !Task.isCancelled else { return false }
    await withUnsafeContinuation { continuation in
      worker.parking = continuation
      idle.append(worker)
    }
    return !isClosed
  }

  /// The loop ends: workers without a request do, too.
  func close() {
    isClosed = true
    for worker in idle { worker.parking.take()?.resume() }
    idle = []
  }
}

extension EventLoop {
  /// Puts `request` behind those that wait for `startRequests`. Loop only.
  package func queue(_ request: any LoopRequest) {
    requests.append(request)
  }

  /// Starts what was queued at once, each request on the caller's stack for as long as it does not suspend; the rest
  /// is jobs of this loop. Requests may be over before this returns. Loop only.
  package func startRequests() {
    assert(isCurrent, "a request starts on its connection's loop")
    // A worker takes one request after the other until one suspends; the next worker goes on.
    while !requests.isEmpty {
      if let worker = requests.takeIdleWorker() { resume(worker) } else { makeWorker() }
    }
  }

  private func makeWorker() {
    // Not Sendable and handed to a task all the same: the task runs on this loop only, where the worker lives. Detached,
    // for what the present task has in its task-locals is none of the requests to come.
    nonisolated(unsafe) let worker = RequestWorker()
    worker.began(Task.immediateDetached(executorPreference: self) { await self.serve(worker) })
  }

  /// Runs the parked `worker` here and now instead of behind the jobs that wait.
  private func resume(_ worker: RequestWorker) {
    let count = jobs.count
    worker.parking.take()?.resume()
    // On the loop's own thread a job that is enqueued is appended, so the last is the worker's.
    guard jobs.count > count, let job = jobs.popLast() else { return }
    job.runSynchronously(on: asUnownedTaskExecutor())
  }

  private func serve(_ worker: RequestWorker) async {
    repeat {
      while let request = requests.next() {
        await request.run(in: worker)
        noteHold(request.name)
        if Task.isCancelled { return }
      }
    } while await requests.park(worker)
  }

  /// After the loop's end: has the global pool run the jobs that still arrive.
  func startAfterlife() {
    Task.detached { self.drainAfterEnd() }
  }
}
