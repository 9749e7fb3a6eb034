import DubboCore

extension Ledger {
  /// Who waits for an end waits no longer than this after it is due.
  private static let patience: Duration = .milliseconds(50)
  /// One attempt and two retries, one more after a refusal, and one for each provider that cannot be reached.
  private static let attemptsBesidesProviders = 4
  /// A stream's queue and what the loop has taken of it, the engine's share, the socket's on both ends and the window,
  /// each with a large message more.
  static let bufferBound = 1_024 * 1_024

  /// What is wrong with the calls when all is over.
  var violations: [String] {
    breaches + entries.indices.flatMap { id in violations(of: entries[id]).map { "call \(id) \($0)" } }
  }

  private func violations(of entry: Entry) -> [String] {
    var found: [String] = []
    if entry.ends.count != 1 { found.append("(\(entry.method)) ended \(entry.ends.count) times") }
    if !entry.isIdempotent, entry.executions > 1 {
      found.append("is not idempotent and was executed \(entry.executions) times")
    }
    if let end = entry.ends.first {
      let due = entry.cancelledAt.map { min($0, entry.deadline) } ?? entry.deadline
      let overrun = due.duration(to: end)
      if overrun > Self.patience { found.append("(\(entry.method)) ended \(overrun) after it was due") }
    }
    if entry.attempts > Self.attemptsBesidesProviders + entry.endpoints.count {
      found.append("was tried \(entry.attempts) times at \(entry.endpoints.count) providers")
    }
    if entry.peak > Self.bufferBound { found.append("had \(entry.peak) bytes between writer and reader") }
    if let failure = entry.failure {
      if failure.code == .dataLoss { found.append("(\(entry.method)) lost data: \(failure.message)") }
      if entry.mustSucceed, entry.cancelledAt == nil {
        let milliseconds = entry.start.duration(to: entry.ends.first ?? entry.start).saturatedNanoseconds / 1_000_000
        found.append("(\(entry.method)) failed after \(milliseconds) ms when all was well: \(failure)")
      }
    }
    return found
  }
}
