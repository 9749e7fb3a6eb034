internal import DubboCore

/// The long-lived tasks of a running application, children of the one task that runs it.
///
/// They run on the global pool, whatever executor that task prefers: taking in ten thousand providers, or rules for them,
/// takes tens of milliseconds, for which no event loop may stand still.
final class TaskScope: Sendable {
  typealias Job = @Sendable () async -> Void

  private let jobs: AsyncStream<Job>
  private let continuation: AsyncStream<Job>.Continuation

  init() {
    (jobs, continuation) = AsyncStream.makeStream()
  }

  /// Runs `job` until it returns or the scope ends, which cancels it. After the end it does nothing.
  func start(_ job: @escaping Job) {
    continuation.yield(job)
  }

  /// Runs the jobs until `finish` or cancellation; returns when all have returned.
  func run() async {
    await withDiscardingTaskGroup { group in
      for await job in jobs { group.addTask(executorPreference: globalConcurrentExecutor) { await job() } }
      group.cancelAll()
    }
  }

  func finish() {
    continuation.finish()
  }
}
