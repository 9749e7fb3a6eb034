internal import DubboCore

/// What least-active and shortest-response share: the candidates with the smallest measure, and among several of them
/// a draw by weight.
enum LeastOf {
  static func choose<Measure: Comparable>(
    from roster: Roster, for invocation: Invocation, _ context: ChoiceContext, by measure: (Candidate) -> Measure
  ) -> Candidate? {
    guard roster.count > 1 else { return roster.candidates.first }
    var least: [Candidate] = []
    var smallest: Measure?
    for candidate in roster.candidates {
      let value = measure(candidate)
      if let current = smallest, value > current { continue }
      if smallest != value {
        smallest = value
        least = []
      }
      least.append(candidate)
    }
    guard least.count > 1 else { return least.first }
    let method = invocation.method.name
    let wall = context.clock.wallMilliseconds
    let weights = least.map { $0.weight(method: method, wallMilliseconds: wall) }
    let total = weights.reduce(0, +)
    guard total > 0, weights.contains(where: { $0 != weights[0] }) else {
      return least[context.random.next(below: least.count)]
    }
    var draw = context.random.next(below: total)
    for (candidate, weight) in zip(least, weights) {
      draw -= weight
      if draw < 0 { return candidate }
    }
    return least.last
  }
}
