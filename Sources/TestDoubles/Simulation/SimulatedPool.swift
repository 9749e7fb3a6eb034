internal import Synchronization

/// The threads above the loops, where users' tasks run: each job is an event of the network, so that the seed decides
/// when it runs and after which others. Tasks belong to it by executor preference, and their child tasks with them.
package final class SimulatedPool: TaskExecutor {
  private let arrived = Mutex<[UnownedJob]>([])

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    arrived.withLock { $0.append(job) }
  }

  /// What has become ready since the last time.
  func takeArrivals() -> [UnownedJob] {
    arrived.withLock { arrived in
      guard !arrived.isEmpty else { return [] }
      defer { arrived = [] }
      return arrived
    }
  }
}
