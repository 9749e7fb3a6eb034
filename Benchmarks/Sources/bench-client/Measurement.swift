import Synchronization

/// The three phases of a run, which callers look at between two calls: warming up, measuring, over.
final class Measurement: Sendable {
  private let phase = Atomic<Int>(0)

  var isCounting: Bool { phase.load(ordering: .relaxed) == 1 }
  var isOver: Bool { phase.load(ordering: .relaxed) == 2 }

  /// What the measured time cost.
  struct Cost: Sendable {
    var seconds: Double
    var ownNanoseconds: UInt64
    var serverNanoseconds: UInt64?
  }

  /// Lets callers warm up, then count for the time that the options say, then stop.
  func run(_ options: Options) async throws -> Cost {
    defer { phase.store(2, ordering: .relaxed) }
    try await Task.sleep(for: .seconds(options.warmUp))
    let server = CPUTime.threads(of: options.serverPID)
    let own = CPUTime.own
    let begun = nanoseconds()
    phase.store(1, ordering: .relaxed)
    try await Task.sleep(for: .seconds(options.seconds))
    phase.store(2, ordering: .relaxed)
    return Cost(
      seconds: Double(nanoseconds() - begun) / 1e9, ownNanoseconds: CPUTime.own - own,
      serverNanoseconds: options.serverPID == 0
        ? nil : CPUTime.between(server, CPUTime.threads(of: options.serverPID)))
  }
}
