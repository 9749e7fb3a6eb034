internal import DubboCore
internal import Synchronization

extension EventLoop {
  /// A turn longer than this looks at the sockets before it goes on with what it has left.
  static let turnBudget = Duration.milliseconds(2)
  /// Who holds the loop longer than this is named.
  static let holdLimit: UInt64 = 10_000_000

  /// The backend is about to report an event, perhaps the turn's first: until the turn's end nobody needs to wake it.
  package func beginEvent() {
    guard !isTurning else { return }
    isTurning = true
    turnNumber &+= 1
    now = backend.now
    holdClock = backend.coarseNanoseconds
    if asleep.load(ordering: .relaxed) { asleep.store(false, ordering: .relaxed) }
  }

  /// The alarm that was set has gone off, or may have.
  package func alarmRang() { alarm = .distantFuture }

  /// The second half of a turn, when the system's events have been taken: timers, then jobs and output until nothing
  /// is left. The backend calls it each time before it blocks.
  package func turn() {
    beginEvent()
    let start = now
    if deadlines.isDue(at: start) { deadlines.advance(to: start) }
    var isLeftOver = false
    var rounds = 0
    while true {
      runWorks()
      runJobs()
      flushDirty()
      let isIdle = jobs.isEmpty && works.isEmpty && dirty.isEmpty
      if isIdle, !takeArrivals() { break }
      rounds += 1
      if rounds >= 2, start.duration(to: backend.now) > Self.turnBudget {
        if !isIdle { _ = takeArrivals() }
        isLeftOver = true
        break
      }
    }
    if isEnding, !isLeftOver, continueEnding() { return }
    prepareToBlock(start: start, isLeftOver: isLeftOver)
  }

  private func prepareToBlock(start: MonotonicInstant, isLeftOver: Bool) {
    if isLeftOver != isKeptTurning {
      isKeptTurning = isLeftOver
      backend.keepTurning(isLeftOver)
    }
    let next = deadlines.nextDue
    if next < alarm {
      alarm = next
      backend.setAlarm(at: next)
    }
    metrics.recordTurn(nanoseconds: backend.now.nanoseconds &- start.nanoseconds)
    isTurning = false
  }

  private func runJobs() {
    guard !jobs.isEmpty else { return }
    swap(&jobs, &runningJobs)
    let executor = asUnownedTaskExecutor()
    for index in runningJobs.indices {
      runningJobs[index].runSynchronously(on: executor)
      noteHold("a task that was resumed on the loop")
    }
    metrics.recordJobs(runningJobs.count)
    runningJobs.removeAll(keepingCapacity: true)
  }

  private func runWorks() {
    guard !works.isEmpty else { return }
    swap(&works, &runningWorks)
    for index in runningWorks.indices { runningWorks[index].run(on: self) }
    runningWorks.removeAll(keepingCapacity: true)
    noteHold("work that another thread handed to the loop")
  }

  private func flushDirty() {
    guard !dirty.isEmpty else { return }
    swap(&dirty, &flushing)
    for index in flushing.indices { flushing[index].flush() }
    flushing.removeAll(keepingCapacity: true)
  }

  /// Blames `name` when the loop was held for long since the last such note.
  func noteHold(_ name: @autoclosure () -> String) {
    let clock = backend.coarseNanoseconds
    let held = clock &- holdClock
    holdClock = clock
    if held > Self.holdLimit { reportHold(held, by: name()) }
  }

  private func reportHold(_ held: UInt64, by name: String) {
    metrics.recordHold(nanoseconds: held, by: name)
    pacer.log(
      log, .warning, key: "hold", now: backend.now,
      "\(name) held the event loop \(self.name) for \(held / 1_000_000) ms: its other connections waited; give long work "
        + "a dispatcher of its own (dispatcher=all)")
  }
}
