import DubboCore

/// What became of every call, written down by callers, endpoints and providers; the invariants are read from it.
///
/// `@unchecked Sendable`: see `World`.
final class Ledger: @unchecked Sendable {
  struct Entry {
    var method: String
    var isIdempotent: Bool
    var start: MonotonicInstant
    var deadline: MonotonicInstant
    var mustSucceed: Bool
    /// When the caller gave up.
    var cancelledAt: MonotonicInstant?
    var ends: [MonotonicInstant] = []
    var failure: DubboError?
    /// How often a provider began to work on it.
    var executions = 0
    /// How often it was tried, and at which endpoints.
    var attempts = 0
    var endpoints: Set<Int> = []
    /// Bytes that a writer was allowed to write and the reader has not read.
    var written = 0
    var read = 0
    var peak = 0
  }

  private(set) var entries: [Entry] = []
  /// What broke an invariant at the moment when it did.
  private(set) var breaches: [String] = []
  /// The run is beyond hope, and would perhaps not end.
  var isHopeless: Bool { breaches.count > 20 }

  func begin(_ entry: Entry) -> Int {
    entries.append(entry)
    return entries.count - 1
  }

  func breach(_ sentence: String) { breaches.append(sentence) }

  func cancelled(_ id: Int, at now: MonotonicInstant) {
    if entries[id].ends.isEmpty { entries[id].cancelledAt = now }
  }

  func ended(_ id: Int, at now: MonotonicInstant, _ failure: DubboError?) {
    entries[id].ends.append(now)
    entries[id].failure = failure
  }

  func attempted(_ id: Int, at endpoint: Int) {
    entries[id].attempts += 1
    entries[id].endpoints.insert(endpoint)
    if entries[id].attempts > 200 { breach("call \(id) is tried without end") }
  }

  func executed(_ id: Int) { entries[id].executions += 1 }

  func wrote(_ id: Int, _ bytes: Int) {
    entries[id].written += bytes
    entries[id].peak = max(entries[id].peak, entries[id].written - entries[id].read)
  }

  func read(_ id: Int, _ bytes: Int) { entries[id].read += bytes }

  /// Another attempt reads from the beginning what has been written so far.
  func readsAnew(_ id: Int) { entries[id].read = 0 }
}
