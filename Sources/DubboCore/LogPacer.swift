internal import Synchronization

/// Lets one log line per key and interval through and counts what it held back, so that a flood of the same trouble
/// is one line a minute.
///
///     pacer.log(log, .warning, key: "accept:EMFILE", now: clock.now, "cannot accept: too many open files")
///
/// Remembers at most `capacity` keys; beyond that the oldest is forgotten. Safe from any thread.
public final class LogPacer: Sendable {
  private struct Entry {
    var lastLine: MonotonicInstant
    var heldBack: Int
  }

  private let interval: Duration
  private let capacity: Int
  private let entries = Mutex<[String: Entry]>([:])

  public init(interval: Duration = .seconds(60), capacity: Int = 1_000) {
    self.interval = interval
    self.capacity = max(1, capacity)
  }

  /// Whether a line for `key` may be written at `now`: nil when it may not, else how many were held back since the
  /// last one.
  public func admit(_ key: String, now: MonotonicInstant) -> Int? {
    entries.withLock { entries in
      if let entry = entries[key] {
        guard entry.lastLine.advanced(by: interval) <= now else {
          entries[key]?.heldBack = entry.heldBack + 1
          return nil
        }
        entries[key] = Entry(lastLine: now, heldBack: 0)
        return entry.heldBack
      }
      if entries.count >= capacity, let oldest = entries.min(by: { $0.value.lastLine < $1.value.lastLine }) {
        entries[oldest.key] = nil
      }
      entries[key] = Entry(lastLine: now, heldBack: 0)
      return 0
    }
  }

  public func log(
    _ log: Log, _ level: LogLevel, key: String, now: MonotonicInstant, _ message: @autoclosure () -> String,
    _ fields: @autoclosure () -> LogFields = [:]
  ) {
    guard level >= log.handler.minimumLevel, let heldBack = admit(key, now: now) else { return }
    var all = fields()
    if heldBack > 0 { all["repeated"] = String(heldBack) }
    log.log(level, message(), all)
  }
}
