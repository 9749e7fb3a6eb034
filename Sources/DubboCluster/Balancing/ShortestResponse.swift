public import DubboCore
internal import Synchronization

/// `shortestresponse`: the provider that is likely to answer first, by its average over at most the last 30 s times the
/// calls under way and the one to come; among equals by weight.
public final class ShortestResponse: LoadBalance {
  private struct Offset {
    /// A provider that has come back at its old address counts anew, and this is not its offset.
    var numbers: ProviderNumbers
    var calls: Int
    var microseconds: Int
  }

  private struct Window {
    var beganAt: MonotonicInstant?
    /// What each provider had counted when the window began, by its identity.
    var offsets: [String: Offset] = [:]
  }

  private static let length: Duration = .seconds(30)

  private let window = Mutex(Window())

  public init() {}

  public func select(from roster: Roster, for invocation: Invocation, _ context: ChoiceContext) -> Candidate? {
    guard roster.count > 1 else { return roster.candidates.first }
    let now = context.clock.now
    return window.withLock { window in
      if let began = window.beganAt, began.advanced(by: Self.length) < now {
        window.beganAt = now
        window.offsets = [:]
        for candidate in roster.candidates {
          window.offsets[candidate.identity] = Offset(
            numbers: candidate.numbers, calls: candidate.numbers.answeredCalls,
            microseconds: candidate.numbers.totalMicroseconds)
        }
      } else if window.beganAt == nil {
        window.beganAt = now
      }
      return LeastOf.choose(from: roster, for: invocation, context) { candidate in
        Self.estimate(candidate, window.offsets[candidate.identity])
      }
    }
  }

  private static func estimate(_ candidate: Candidate, _ offset: Offset?) -> Int {
    let numbers = candidate.numbers
    let offset = offset?.numbers === numbers ? offset : nil
    let calls = numbers.answeredCalls - (offset?.calls ?? 0)
    guard calls > 0 else { return 0 }
    let average = (numbers.totalMicroseconds - (offset?.microseconds ?? 0)) / calls
    return average.multipliedReportingOverflow(by: numbers.inFlight + 1).partialValue
  }
}
