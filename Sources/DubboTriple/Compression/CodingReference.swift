internal import Synchronization

/// The coding of what comes, which the loop learns from the headers and other tasks ask for: set once or never, and
/// before any message to which it applies.
final class CodingReference: Sendable {
  private let coding = AtomicLazyReference<MessageCoding>()

  init(_ value: MessageCoding? = nil) {
    if let value { set(value) }
  }

  var value: MessageCoding? { coding.load() }

  func set(_ value: MessageCoding) { _ = coding.storeIfNil(value) }
}
