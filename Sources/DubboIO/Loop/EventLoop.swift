internal import CLibuv
package import DubboCore
internal import Synchronization

/// One thread, one event loop: it reads sockets, runs the jobs of Swift tasks, and writes, in turns.
///
/// A turn takes what the system has, then runs jobs and hands over output until nothing is left, and only then blocks.
/// Connections, timers and engines belong to one loop and are used on its thread only; `submit`, `enqueue`,
/// `isCurrent` and `metrics` are for any thread.
///
/// `@unchecked Sendable`, because of this invariant: what is not a `let` of a Sendable type is touched on the loop's
/// thread only (after the loop's end: by one thread at a time, see `LoopAfterlife`).
package final class EventLoop: TaskExecutor, @unchecked Sendable {
  let backend: any LoopBackend
  /// The timers of everything that lives on this loop. Loop only.
  package let deadlines: DeadlineWheel
  /// Memory for output on its way. Loop only.
  let slabs = SlabPool()

  /// The thread that may touch the loop, as `dubbo_thread_self` names it; 0 when none may. Each thread writes only its
  /// own name or takes it away, so a relaxed look answers "is it me".
  let owner = Atomic<UInt>(0)
  let inbox = Guarded(LoopInbox())
  /// The loop may block: whoever puts something into the inbox must wake it.
  let asleep = Atomic<Bool>(false)
  /// Threads between having decided to wake the loop and having done it: the backend must outlive them.
  let wakers = Atomic<Int>(0)
  package let metrics = LoopMetrics()
  let log: Log
  /// For people who look for the one that is busy.
  package let name: String
  /// One line a minute for each kind of trouble.
  let pacer = LogPacer()
  /// Shared by the loops of a group.
  let descriptors: DescriptorBudget

  // Loop only. The hot queues go without the run-time check of exclusive access, 3 % of an echo server's CPU: each is
  // touched for the length of one append or one swap, and what runs in between runs on the other one of its pair.
  @exclusivity(unchecked) var jobs: ContiguousArray<UnownedJob> = []
  @exclusivity(unchecked) var runningJobs: ContiguousArray<UnownedJob> = []
  @exclusivity(unchecked) var works: ContiguousArray<any LoopWork> = []
  @exclusivity(unchecked) var runningWorks: ContiguousArray<any LoopWork> = []
  @exclusivity(unchecked) var dirty: ContiguousArray<any Flushable> = []
  @exclusivity(unchecked) var flushing: ContiguousArray<any Flushable> = []
  @exclusivity(unchecked) var arrivedJobs: ContiguousArray<UnownedJob> = []
  @exclusivity(unchecked) var arrivedWorks: ContiguousArray<any LoopWork> = []
  let requests = RequestLine()
  /// Steps of TLS handshakes, each of which may cost a millisecond.
  var handshakes = TurnAllowance()
  var resources = LoopResources()
  var isEnding = false
  var alarm = MonotonicInstant.distantFuture
  var isKeptTurning = false
  var isTurning = false
  var holdClock: UInt64 = 0
  /// The instant at which this turn began, read once in a turn.
  @exclusivity(unchecked) package internal(set) var now: MonotonicInstant
  /// Counts turns, so that others can tell "still in the same one".
  var turnNumber: UInt64 = 0

  package init(
    backend: any LoopBackend, descriptors: DescriptorBudget = DescriptorBudget(), log: Log = Log(label: "io"),
    name: String = "io"
  ) {
    self.backend = backend
    self.descriptors = descriptors
    self.log = log
    self.name = name
    now = backend.now
    deadlines = DeadlineWheel(start: now)
  }

  /// Whether the caller runs on this loop's thread. From any thread.
  package var isCurrent: Bool { owner.load(ordering: .relaxed) == UInt(dubbo_thread_self()) }

  /// The clock, read anew; the same clock as `now`. Loop only.
  package func currentTime() -> MonotonicInstant { backend.now }

  /// Has `flushable` flushed once before the loop blocks next. The caller sees to it that nothing is marked twice.
  /// Loop only.
  package func markDirty(_ flushable: any Flushable) {
    assert(isCurrent, "a loop's output belongs to its thread")
    dirty.append(flushable)
  }
}

/// What another thread hands to a loop: the object itself, no closure.
package protocol LoopWork: AnyObject, Sendable {
  func run(on loop: EventLoop)
}

/// Something with output that leaves once in a turn.
package protocol Flushable: AnyObject {
  func flush()
}
