internal import Synchronization

/// The memory that calls with streams share for requests that may have to be sent to another provider: bytes are taken
/// before a message is recorded and given back when the call is committed or over.
public final class ReplayMemory: Sendable {
  /// In bytes, of all calls together.
  public let limit: Int
  private let held = Atomic<Int>(0)

  public init(limit: Int = 64 << 20) {
    self.limit = max(0, limit)
  }

  /// What is recorded at the moment, in bytes.
  public var heldBytes: Int { held.load(ordering: .relaxed) }

  /// Takes `bytes`; false when they are not there, and then the message is not recorded.
  func take(_ bytes: Int) -> Bool {
    guard held.wrappingAdd(bytes, ordering: .relaxed).newValue <= limit else {
      held.wrappingSubtract(bytes, ordering: .relaxed)
      return false
    }
    return true
  }

  func give(_ bytes: Int) {
    held.wrappingSubtract(bytes, ordering: .relaxed)
  }
}
