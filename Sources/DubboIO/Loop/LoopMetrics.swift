internal import Synchronization

/// What a loop tells about itself. Written by the loop, read from any thread.
package final class LoopMetrics: Sendable {
  private let turnCount = Atomic<UInt64>(0)
  private let jobCount = Atomic<UInt64>(0)
  private let busyTime = Atomic<UInt64>(0)
  private let longest = Atomic<UInt64>(0)
  private let holdCount = Atomic<UInt64>(0)
  private let lastHold = Guarded<Hold?>(nil)

  /// A handler that kept a loop from its sockets.
  package struct Hold: Sendable, Hashable {
    package var name: String
    package var nanoseconds: UInt64
  }

  package var turns: UInt64 { turnCount.load(ordering: .relaxed) }
  package var jobs: UInt64 { jobCount.load(ordering: .relaxed) }
  /// Nanoseconds spent in the second half of turns: how long new events had to wait, in sum.
  package var busyNanoseconds: UInt64 { busyTime.load(ordering: .relaxed) }
  /// The longest of them: the loop's worst lag.
  package var longestTurnNanoseconds: UInt64 { longest.load(ordering: .relaxed) }
  /// How often somebody held the loop for more than ten milliseconds.
  package var holds: UInt64 { holdCount.load(ordering: .relaxed) }
  package var latestHold: Hold? { lastHold.withLock { $0 } }

  // One writer, so a load and a store are enough.
  func recordTurn(nanoseconds: UInt64) {
    turnCount.store(turns &+ 1, ordering: .relaxed)
    busyTime.store(busyNanoseconds &+ nanoseconds, ordering: .relaxed)
    if nanoseconds > longestTurnNanoseconds { longest.store(nanoseconds, ordering: .relaxed) }
  }

  func recordJobs(_ count: Int) {
    jobCount.store(jobs &+ UInt64(count), ordering: .relaxed)
  }

  func recordHold(nanoseconds: UInt64, by name: String) {
    holdCount.store(holds &+ 1, ordering: .relaxed)
    lastHold.withLock { $0 = Hold(name: name, nanoseconds: nanoseconds) }
  }
}
