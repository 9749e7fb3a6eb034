internal import DubboCore

/// Works out, once, which candidates each rule keeps.
struct RuleCompiler {
  let candidates: [Candidate]
  let consumer: DubboURL

  func stages(_ rules: ConditionRules) -> [RouteStage] {
    rules.conditions.map { condition in
      switch condition {
      case .line(let line):
        .condition(
          ConditionStage(
            text: line.text, when: line.when, then: line.then, kept: line.then.map(kept), isForced: rules.head.isForced)
        )
      case .destinations(let destinations):
        .destinations(
          DestinationStage(
            text: destinations.from.text, when: destinations.from.when,
            destinations: destinations.to.map { ($0.match.text, kept($0.match.then ?? []), $0.weight) },
            isForced: destinations.isForced ?? rules.head.isForced))
      }
    }
  }

  func stage(_ rules: AffinityRules) -> RouteStage {
    let wanted = consumer.fact(rules.parameter)
    let kept = CandidateSet(candidates) { wanted != nil && $0.url.fact(rules.parameter) == wanted }
    return .affinity(AffinityStage(text: rules.parameter, kept: kept, ratio: rules.ratio))
  }

  private func kept(_ pairs: [ConditionExpression.Pair]) -> CandidateSet {
    CandidateSet(candidates) { candidate in
      pairs.allSatisfy { pair in
        guard case .parameter(let name) = pair.key else { return false }
        return pair.fits(candidate.url.fact(name), consumer: consumer.fact, unreadable: true)
      }
    }
  }
}
