/// One way of calls in a mesh rule. Of those of one application the first that means a call counts.
struct MeshStage: Sendable {
  let application: String
  let text: String
  let when: [ConditionExpression.Pair]
  /// For each destination the providers of its subset and of the subsets in its stead, the first choice first.
  let destinations: [(choices: [CandidateSet], weight: Int)]
  let isForced: Bool

  /// Where the calls go, each set with its share; empty when no destination has a provider among `input`.
  ///
  /// A destination without any leaves its share to the next one that has some, and after the last to the first.
  func destinations(in input: CandidateSet) -> [(set: CandidateSet, weight: Int)] {
    let sets = destinations.map { destination in
      destination.choices.lazy.map { $0.intersection(input) }.first { !$0.isEmpty }
    }
    guard let first = sets.first(where: { $0 != nil }) ?? nil else { return [] }
    var shares: [(set: CandidateSet, weight: Int)] = []
    for (place, destination) in destinations.enumerated() {
      let set = (sets[place...].first { $0 != nil } ?? first) ?? first
      if let known = shares.firstIndex(where: { $0.set == set }) {
        shares[known].weight += destination.weight
      } else {
        shares.append((set, destination.weight))
      }
    }
    return shares
  }
}

/// What the mesh rules have chosen for a call so far: the applications that have their say, and what they add up to.
struct MeshProgress: Sendable {
  private(set) var applications: Set<String> = []
  private(set) var union: CandidateSet?
  private var isForced = false

  /// Whether `stage` still counts.
  func isOpen(_ stage: MeshStage) -> Bool { !applications.contains(stage.application) }

  mutating func decide(_ stage: MeshStage, _ set: CandidateSet?) {
    applications.insert(stage.application)
    isForced = stage.isForced
    if let set { union = union?.union(set) ?? set }
  }

  /// `input` after all mesh rules: what they have chosen. When that is nobody, it counts only if the rule insists.
  func apply(to input: CandidateSet) -> CandidateSet {
    guard !applications.isEmpty else { return input }
    let result = union.map(input.intersection) ?? input.subtracting(input)
    return result.isEmpty && !isForced ? input : result
  }
}
