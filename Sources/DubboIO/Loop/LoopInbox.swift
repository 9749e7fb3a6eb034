internal import Synchronization

/// What other threads have handed to a loop since it last looked. Bounded by its users: each call in progress puts at
/// most one work and one job here.
struct LoopInbox {
  enum Phase {
    case open
    /// The loop has run its last turn, its thread is about to leave.
    case closing
    /// No thread stands behind the loop any more: jobs are run by the global pool, one at a time.
    case ended
  }
  var phase = Phase.open
  var jobs: ContiguousArray<UnownedJob> = []
  var works: ContiguousArray<any LoopWork> = []
  /// After the end: a thread of the global pool is running the jobs, or will.
  var isDrained = false

  /// True for the one who has to start a drain.
  mutating func claimDrain() -> Bool {
    guard phase == .ended, !isDrained, !jobs.isEmpty else { return false }
    isDrained = true
    return true
  }
}

extension EventLoop {
  /// Runs a task's next step on this loop: an array append on its own thread, else a locked append and at most one
  /// wake-up for everything that arrives before the loop looks. From any thread, at any time.
  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent {
      jobs.append(job)
      return
    }
    var wakes = false
    var drains = false
    inbox.withLock { inbox in
      inbox.jobs.append(job)
      if inbox.phase == .open {
        wakes = claimWake()
      } else {
        drains = inbox.claimDrain()
      }
    }
    if wakes { wake() }
    if drains { startAfterlife() }
  }

  /// Has `work` run on the loop's thread, after what was submitted before. From any thread. False when the loop has
  /// ended: then nothing was kept and nothing will run.
  package func submit(_ work: any LoopWork) -> Bool {
    var wakes = false
    let isOpen = inbox.withLock { inbox in
      guard inbox.phase == .open else { return false }
      inbox.works.append(work)
      wakes = claimWake()
      return true
    }
    if wakes { wake() }
    return isOpen
  }

  /// Under the inbox's lock. True for exactly one of those who find the loop asleep. The loop goes to sleep by raising
  /// the flag under the same lock, having seen an empty inbox, so no arrival is missed.
  private func claimWake() -> Bool {
    guard asleep.load(ordering: .relaxed), asleep.exchange(false, ordering: .relaxed) else { return false }
    wakers.add(1, ordering: .relaxed)
    return true
  }

  private func wake() {
    backend.wake()
    wakers.subtract(1, ordering: .releasing)
  }

  /// Moves what has arrived to the loop's own queues. False, and the loop counts as asleep, when nothing has.
  func takeArrivals() -> Bool {
    let found = inbox.withLock { inbox in
      if inbox.jobs.isEmpty && inbox.works.isEmpty {
        asleep.store(true, ordering: .relaxed)
        return false
      }
      swap(&inbox.jobs, &arrivedJobs)
      swap(&inbox.works, &arrivedWorks)
      return true
    }
    guard found else { return false }
    works.append(contentsOf: arrivedWorks)
    arrivedWorks.removeAll(keepingCapacity: true)
    jobs.append(contentsOf: arrivedJobs)
    arrivedJobs.removeAll(keepingCapacity: true)
    return true
  }
}
