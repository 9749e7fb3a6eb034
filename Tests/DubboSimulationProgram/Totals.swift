internal import DubboSimulation

/// What all seeds of one run did together.
struct Totals: CustomStringConvertible {
  private var calls = 0
  private var failed = 0
  private var attempts = 0
  private var peak = 0
  private var digest: UInt64 = 0

  mutating func add(_ outcome: Simulation.Outcome) {
    calls += outcome.calls
    failed += outcome.failedCalls
    attempts += outcome.attempts
    peak = max(peak, outcome.peak)
    // In any order, so that parts of a range that run side by side can be told together.
    digest ^= outcome.digest &* (outcome.seed | 1)
  }

  var description: String {
    "\(calls) calls, \(attempts) attempts, \(failed) failed in bad weather, "
      + "at most \(peak / 1_024) KiB between writer and reader, digest \(String(digest, radix: 16))"
  }
}
