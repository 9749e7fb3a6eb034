internal import Synchronization

/// What the filters of one service or client keep for as long as it lives: counts, windows, limits.
///
/// The filters themselves are made anew when an override rule changes the service or the client; calls that the earlier ones let in are
/// still under way then. A filter that counts keeps its counts here, in a class of its own, and the one that follows it
/// finds them:
///
///     counts = context.memory.kept { TicketCounts() }
public final class FilterMemory: Sendable {
  private let all = Mutex<[ObjectIdentifier: any Sendable & AnyObject]>([:])

  public init() {}

  /// The instance of `Value` that was made at the first time.
  public func kept<Value: AnyObject & Sendable>(_ make: () -> Value) -> Value {
    all.withLock { all in
      let key = ObjectIdentifier(Value.self)
      if let value = all[key] as? Value { return value }
      let made = make()
      all[key] = made
      return made
    }
  }
}
