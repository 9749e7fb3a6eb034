internal import Synchronization

/// The provider that each method of a sticky reference stays with.
final class StickyChoices: Sendable {
  private static let limit = 1_024
  private let choices = Mutex<[String: Candidate]>([:])

  subscript(method: String) -> Candidate? {
    get { choices.withLock { $0[method] } }
    set {
      choices.withLock { choices in
        if choices.count >= Self.limit { choices.removeAll() }
        choices[method] = newValue
      }
    }
  }
}
