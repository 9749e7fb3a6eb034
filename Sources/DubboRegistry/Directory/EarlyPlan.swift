internal import DubboCluster
internal import DubboCore

/// Which providers of a directory get a connection before calls need one: a value without clock, lock or chance of its own.
struct EarlyPlan {
  private struct Begun {
    /// Live as long as the provider is known: held, so that no other provider's can be taken for them.
    var numbers: ProviderNumbers
    var connections: Int
  }

  /// Providers whose turn comes, the next one last.
  private(set) var waiting: [Candidate] = []
  /// The next one found no allowance.
  private(set) var isHeldBack = false
  private var begun: [ObjectIdentifier: Begun] = [:]
  private var version: Int?

  /// Takes in who is there: those that are new wait, in any order, and what was taken for those that are gone is given back.
  mutating func follow(
    _ snapshot: DirectorySnapshot, _ allowance: ConnectionAllowance, using generator: inout some RandomNumberGenerator
  ) {
    guard snapshot.version != version else { return }
    version = snapshot.version
    var staying: [ObjectIdentifier: Begun] = [:]
    waiting = []
    for candidate in snapshot.roster.candidates {
      let id = ObjectIdentifier(candidate.numbers)
      if let known = begun.removeValue(forKey: id) { staying[id] = known } else { waiting.append(candidate) }
    }
    end(allowance)
    begun = staying
    waiting.shuffle(using: &generator)
  }

  /// The next provider to connect to; nil when there is none, or no allowance for it.
  mutating func next(_ allowance: ConnectionAllowance) -> Candidate? {
    guard let candidate = waiting.last else { return nil }
    let connections = candidate.endpoint.url.connectionCount
    isHeldBack = !allowance.take(connections)
    if isHeldBack { return nil }
    waiting.removeLast()
    begun[ObjectIdentifier(candidate.numbers)] = Begun(numbers: candidate.numbers, connections: connections)
    return candidate
  }

  /// Gives back what was taken.
  mutating func end(_ allowance: ConnectionAllowance) {
    for provider in begun.values { allowance.giveBack(provider.connections) }
    begun = [:]
  }
}
