internal import DubboCore

/// Works out, once, which candidates each rule keeps.
///
/// Rules look at few facts, and of ten thousand providers most say the same: a pattern is tried on each value once.
struct RuleCompiler {
  /// The candidates that have one value.
  private struct Group {
    var value: String?
    var members: [Int]
  }

  private let candidates: [Candidate]
  private let consumer: DubboURL
  private var groups: [String: [Group]] = [:]

  init(candidates: [Candidate], consumer: DubboURL) {
    self.candidates = candidates
    self.consumer = consumer
  }

  mutating func stages(_ rules: ConditionRules) -> [RouteStage] {
    rules.conditions.map { condition in
      switch condition {
      case .line(let line):
        return .condition(
          ConditionStage(
            text: line.text, when: line.when, then: line.then, kept: line.then.map { kept($0) },
            isForced: rules.head.isForced))
      case .destinations(let destinations):
        return .destinations(
          DestinationStage(
            text: destinations.from.text, when: destinations.from.when,
            destinations: destinations.to.map { ($0.match.text, kept($0.match.then ?? []), $0.weight) },
            isForced: destinations.isForced ?? rules.head.isForced))
      }
    }
  }

  mutating func stages(_ rules: MeshRules, for service: ServiceKey) -> [RouteStage] {
    let own = set(of: ApplicationKey.name) { $0 == rules.application }
    // A subset that is defined several times has the providers of all of its definitions.
    var subsets: [String: CandidateSet] = [:]
    for subset in rules.subsets {
      var members = own
      for (name, wanted) in subset.labels { members = members.intersection(set(of: name) { $0 == wanted }) }
      subsets[subset.name] = subsets[subset.name]?.union(members) ?? members
    }
    let none = CandidateSet(size: candidates.count, all: false)
    return rules.details(of: service.interface).map { detail in
      .mesh(
        MeshStage(
          application: rules.application,
          text: ([rules.application] + (detail.name.isEmpty ? [] : [detail.name])).joined(separator: " "),
          when: detail.when,
          destinations: detail.destinations.map { destination in
            (destination.subsets.map { subsets[$0] ?? none }, destination.weight)
          }, isForced: detail.isForced))
    }
  }

  mutating func stage(_ rules: AffinityRules) -> RouteStage {
    let wanted = consumer.fact(rules.parameter)
    let kept = set(of: rules.parameter) { wanted != nil && $0 == wanted }
    return .affinity(AffinityStage(text: rules.parameter, kept: kept, ratio: rules.ratio))
  }

  private mutating func kept(_ pairs: [ConditionExpression.Pair]) -> CandidateSet {
    var kept = CandidateSet(size: candidates.count, all: true)
    for pair in pairs {
      guard case .parameter(let name) = pair.key else { return CandidateSet(size: candidates.count, all: false) }
      let consumer = consumer
      kept = kept.intersection(
        set(of: name) { pair.fits($0, consumer: consumer.fact, unreadable: true) })
    }
    return kept
  }

  /// The candidates whose fact of this name fits.
  private mutating func set(of name: String, where fits: (String?) -> Bool) -> CandidateSet {
    if groups[name] == nil { groups[name] = Self.groups(of: name, candidates) }
    var set = CandidateSet(size: candidates.count, all: false)
    for group in groups[name] ?? [] where fits(group.value) {
      for index in group.members { set.insert(index) }
    }
    return set
  }

  private static func groups(of name: String, _ candidates: [Candidate]) -> [Group] {
    var groups: [Group] = []
    var places: [String?: Int] = [:]
    for (index, candidate) in candidates.enumerated() {
      let value = candidate.url.fact(name)
      let place = places[value] ?? groups.count
      if place == groups.count {
        places[value] = place
        groups.append(Group(value: value, members: []))
      }
      groups[place].members.append(index)
    }
    return groups
  }
}
