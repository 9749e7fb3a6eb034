internal import DubboCore

/// What each router did with one call: what it kept, what it dropped, and why. For people; calls do not make it.
public struct RouteExplanation: Sendable, CustomStringConvertible {
  public struct Step: Sendable {
    /// The router: `tag`, `condition`, `affinity`, or the name of one of the application's own.
    public var router: String
    /// The rule's text, where it has one.
    public var rule: String
    public var reason: String
    /// Addresses.
    public var kept: [String]
    public var dropped: [String]
  }

  /// In the order in which the routers work.
  public var steps: [Step]
  /// The addresses that may take the call in the end.
  public var result: [String]

  public var description: String {
    var lines = steps.map { step in
      let rule = step.rule.isEmpty ? "" : " \"\(step.rule)\""
      let dropped = step.dropped.isEmpty ? "dropped none" : "dropped \(step.dropped.joined(separator: ", "))"
      return "\(step.router)\(rule): \(step.reason); kept \(step.kept.count), \(dropped)"
    }
    lines.append(result.isEmpty ? "nobody is left" : "left: \(result.joined(separator: ", "))")
    return lines.joined(separator: "\n")
  }
}

extension RouteTable {
  func explain(_ invocation: Invocation, _ context: ChoiceContext) -> RouteExplanation {
    var steps: [RouteExplanation.Step] = []
    var set = CandidateSet(size: roster.count, all: true)
    let wish = TagStage.Wish(invocation, standing: standingWish)
    func note(_ stage: RouteStage, _ rule: String, _ next: CandidateSet, _ reason: String) {
      steps.append(
        .init(
          router: stage.name, rule: rule, reason: reason, kept: next.members(of: roster.candidates).map(\.address),
          dropped: set.subtracting(next).members(of: roster.candidates).map(\.address)))
      set = next
    }
    func isSubject(_ when: [ConditionExpression.Pair]) -> Bool {
      when.allSatisfy {
        $0.fits($0.key.value(in: invocation, consumer: consumer), consumer: consumer.fact, unreadable: false)
      }
    }
    for stage in stages {
      switch stage {
      case .tag(let tag):
        let reason = wish.tag.isEmpty ? "the call has no tag" : "the call's tag is \"\(wish.tag)\""
        note(stage, "", tag.apply(to: set, wish), wish.isForced ? "\(reason), by force" : reason)
      case .condition(let condition):
        guard isSubject(condition.when) else {
          note(stage, condition.text, set, "the call is not meant")
          continue
        }
        let isIgnored = condition.kept.map { set.intersection($0).isEmpty && !condition.isForced } ?? false
        note(
          stage, condition.text, condition.apply(to: set),
          isIgnored ? "nobody fits, and without force that is ignored" : "the call is meant")
      case .affinity(let affinity):
        let next = affinity.apply(to: set)
        note(stage, affinity.text, next, next == set ? "too few share it, or all do" : "enough share it")
      case .destinations(let destinations):
        guard isSubject(destinations.when) else {
          note(stage, destinations.text, set, "the call is not meant")
          continue
        }
        switch destinations.apply(to: set) {
        case .set(let next): note(stage, destinations.text, next, "one destination, or none")
        case .draw(let choices):
          let drawn =
            WeightTable(choices.map(\.weight))?.draw(context.random) ?? context.random.next(below: choices.count)
          let weights = choices.map { "\($0.weight)" }.joined(separator: ":")
          note(stage, destinations.text, choices[drawn].set, "drawn among destinations \(weights)")
        }
      }
    }
    var candidates = set.members(of: roster.candidates)
    for router in ownRouters {
      let next = router.route(candidates, for: invocation, consumer: consumer)
      let dropped = candidates.filter { old in !next.contains { $0 === old } }
      steps.append(
        .init(
          router: router.name, rule: "", reason: "asked", kept: next.map(\.address), dropped: dropped.map(\.address)))
      candidates = next
    }
    return RouteExplanation(steps: steps, result: candidates.map(\.address))
  }
}
