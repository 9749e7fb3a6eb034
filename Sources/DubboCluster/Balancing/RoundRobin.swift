public import DubboCore
internal import Synchronization

/// `roundrobin`: providers take turns in proportion to their weights, evenly mixed (the smooth weighted round robin of
/// nginx). Each method has turns of its own.
public final class RoundRobin: LoadBalance {
  private struct Turn {
    var weight: Int
    var current: Int
    var lastUse: MonotonicInstant
  }

  /// By identity: a provider that comes back goes on where it was, and a new one begins.
  private typealias Turns = [String: Turn]

  /// Turns of providers that have not been in a list for so long are forgotten.
  private static let memory: Duration = .seconds(60)
  private static let methodLimit = 1_024

  private let methods = Mutex<[String: Turns]>([:])

  public init() {}

  public func select(from roster: Roster, for invocation: Invocation, _ context: ChoiceContext) -> Candidate? {
    guard roster.count > 1 else { return roster.candidates.first }
    let method = invocation.method.name
    let now = context.clock.now
    let wall = context.clock.wallMilliseconds
    return methods.withLock { methods in
      if methods[method] == nil, methods.count >= Self.methodLimit { methods.removeAll() }
      return Self.choose(from: roster.candidates, method, now, wall, &methods[method, default: [:]])
    }
  }

  private static func choose(
    from candidates: [Candidate], _ method: String, _ now: MonotonicInstant, _ wall: Int64, _ turns: inout Turns
  ) -> Candidate? {
    var best: Candidate?
    var bestCurrent = Int.min
    var total = 0
    for candidate in candidates {
      let weight = candidate.weight(method: method, wallMilliseconds: wall)
      let key = candidate.identity
      var turn = turns[key] ?? Turn(weight: weight, current: 0, lastUse: now)
      if turn.weight != weight {
        turn.weight = weight
        turn.current = 0
      }
      turn.current += weight
      turn.lastUse = now
      turns[key] = turn
      total += weight
      if turn.current > bestCurrent {
        bestCurrent = turn.current
        best = candidate
      }
    }
    if let best { turns[best.identity]?.current -= total }
    if turns.count != candidates.count {
      turns = turns.filter { $0.value.lastUse.advanced(by: memory) > now }
    }
    return best
  }
}
