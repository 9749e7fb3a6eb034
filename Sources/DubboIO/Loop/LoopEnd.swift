internal import CLibuv
internal import Synchronization

/// Something on a loop that holds the system's resources and is closed when the loop ends.
protocol LoopResource: AnyObject {
  /// Its place in the loop's list; -1 when it is in none.
  var resourceIndex: Int { get set }
  /// Closes itself; leaves the list by `EventLoop.remove` when that is done.
  func loopEnds()
}

/// The live resources of a loop, in an order that depends on nothing but the calls.
struct LoopResources {
  private(set) var all: ContiguousArray<any LoopResource> = []

  mutating func add(_ resource: any LoopResource) {
    resource.resourceIndex = all.count
    all.append(resource)
  }

  mutating func remove(_ resource: any LoopResource) {
    let index = resource.resourceIndex
    guard index >= 0, index < all.count, all[index] === resource else { return }
    resource.resourceIndex = -1
    let last = all.removeLast()
    if last !== resource {
      all[index] = last
      last.resourceIndex = index
    }
  }
}

extension EventLoop {
  /// Loop only.
  func add(_ resource: any LoopResource) {
    resources.add(resource)
    if isEnding { resource.loopEnds() }
  }

  func remove(_ resource: any LoopResource) { resources.remove(resource) }

  /// How many sockets, listeners and watches live on this loop. Loop only.
  package var resourceCount: Int { resources.all.count }

  /// Begins the end: everything on the loop is closed, the jobs that are ready run, then the thread leaves. From any
  /// thread; the second call does nothing.
  package func end() { _ = submit(LoopEnding.shared) }

  fileprivate func beginEnding() {
    guard !isEnding else { return }
    isEnding = true
    requests.close()
    for resource in resources.all { resource.loopEnds() }
  }

  /// At the end of a turn: true, and the backend is gone, once nothing is open and nothing waits.
  func continueEnding() -> Bool {
    guard resources.all.isEmpty else { return false }
    let isOver = inbox.withLock { inbox in
      guard inbox.jobs.isEmpty, inbox.works.isEmpty, inbox.phase == .open else { return false }
      inbox.phase = .closing
      return true
    }
    guard isOver else { return false }
    // Whoever decided to wake us before that is about to be done.
    while wakers.load(ordering: .acquiring) > 0 { dubbo_yield_thread() }
    backend.end()
    return true
  }

  /// The calling thread is the loop's from here on.
  package func threadEntered() { owner.store(UInt(dubbo_thread_self()), ordering: .relaxed) }

  /// For a driver without a thread of its own: the calling thread is the loop's for as long as `body` runs.
  package func drive(_ body: () -> Void) {
    threadEntered()
    body()
    owner.store(0, ordering: .relaxed)
  }

  /// The last that the loop's thread does with the loop.
  package func threadLeft() {
    owner.store(0, ordering: .relaxed)
    let drains = inbox.withLock { inbox in
      inbox.phase = .ended
      return inbox.claimDrain()
    }
    if drains { startAfterlife() }
  }

  /// Runs, one after the other, the jobs that reach the loop after its thread has left, so that what was confined to
  /// the loop stays confined. On whatever thread the global pool gives.
  func drainAfterEnd() {
    owner.store(UInt(dubbo_thread_self()), ordering: .relaxed)
    while true {
      let executor = asUnownedTaskExecutor()
      while !jobs.isEmpty {
        swap(&jobs, &runningJobs)
        for job in runningJobs { job.runSynchronously(on: executor) }
        runningJobs.removeAll()
      }
      // What has a socket below it was closed before: nothing dirty has anywhere to go.
      dirty.removeAll()
      owner.store(0, ordering: .relaxed)
      let isDone = inbox.withLock { inbox in
        if inbox.jobs.isEmpty {
          inbox.isDrained = false
          return true
        }
        swap(&inbox.jobs, &jobs)
        owner.store(UInt(dubbo_thread_self()), ordering: .relaxed)
        return false
      }
      if isDone { return }
    }
  }
}

private final class LoopEnding: LoopWork {
  static let shared = LoopEnding()
  func run(on loop: EventLoop) { loop.beginEnding() }
}
