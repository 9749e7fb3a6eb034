internal import DubboCore

extension RouteTable {
  func explain(_ invocation: Invocation, _ context: ChoiceContext) -> RouteExplanation {
    var explainer = RouteExplainer(table: self, invocation: invocation)
    for stage in stages { explainer.note(stage, context) }
    for router in ownRouters { explainer.ask(router) }
    return explainer.explanation
  }
}

/// Walks one call through the compiled routers and writes down what each does.
private struct RouteExplainer {
  let table: RouteTable
  let invocation: Invocation
  private var left: [Candidate]
  private var set: CandidateSet
  private var mesh = MeshProgress()
  private(set) var explanation: RouteExplanation

  init(table: RouteTable, invocation: Invocation) {
    self.table = table
    self.invocation = invocation
    left = table.roster.candidates
    set = CandidateSet(size: left.count, all: true)
    explanation = RouteExplanation(call: "\(invocation.method)", steps: [], result: left.map(\.address))
  }

  private var consumer: DubboURL { table.consumer }

  mutating func note(_ stage: RouteStage, _ context: ChoiceContext) {
    switch stage {
    case .mesh(let mesh): note(mesh, context)
    case .meshEnd: noteMeshEnd()
    case .tag(let tag): note(tag)
    case .condition(let condition): note(condition)
    case .affinity(let affinity): note(affinity)
    case .destinations(let destinations): note(destinations, context)
    }
  }

  mutating func ask(_ router: any Router) {
    let next = router.route(left, for: invocation, consumer: consumer)
    let dropped = left.filter { old in !next.contains { $0 === old } }
    explanation.steps.append(
      .init(
        router: router.name, rule: "", reason: "the application's own router was asked", kept: next.map(\.address),
        dropped: dropped.map { .init(address: $0.address, reason: "the router did not return it") }))
    left = next
    explanation.result = next.map(\.address)
  }

  private mutating func note(_ stage: MeshStage, _ context: ChoiceContext) {
    guard mesh.isOpen(stage), isMeant(stage.when, "mesh", stage.text) else { return }
    let shares = stage.destinations(in: set)
    let drawn = WeightTable.draw(shares.map(\.weight), context.random)
    let chosen = shares.isEmpty ? nil : shares[drawn].set
    mesh.decide(stage, chosen)
    let names = chosen?.members(of: table.roster.candidates).map(\.address).joined(separator: ", ")
    let weights = shares.map { "\($0.weight)" }.joined(separator: ":")
    let draw = shares.count > 1 ? ", which draws among destinations \(weights), this time number \(drawn + 1)" : ""
    step("mesh", stage.text, set, "the call takes this way\(draw), to \(names ?? "nobody")") { _, _ in "" }
  }

  private mutating func noteMeshEnd() {
    guard !mesh.applications.isEmpty else { return }
    let next = mesh.apply(to: set)
    let isIgnored = mesh.union?.intersection(set).isEmpty ?? true && !next.isEmpty
    step("mesh", "", next, isIgnored ? "no way leads to a provider, so that all stay" : "the ways that the call takes")
    {
      _, _ in "no way leads to it"
    }
  }

  private mutating func note(_ tag: TagStage) {
    let wish = TagStage.Wish(invocation, standing: table.standingWish)
    let reason = wish.tag.isEmpty ? "the call has no tag" : "the call's tag is \"\(wish.tag)\""
    let next = tag.apply(to: set, wish)
    let isFallback =
      !wish.tag.isEmpty && !next.isEmpty && next == tag.apply(to: set, .none) && next != tag.apply(to: set, wish.forced)
    step("tag", "", next, wish.isForced ? "\(reason), by force" : isFallback ? "\(reason), which nobody has" : reason) {
      candidate, index in
      let tags = tag.tags(of: index, candidate)
      return tags.isEmpty ? "it has no tag" : "its tag is \(tags.map { "\"\($0)\"" }.joined(separator: " and "))"
    }
  }

  private mutating func note(_ condition: ConditionStage) {
    guard isMeant(condition.when, "condition", condition.text) else { return }
    let next = condition.apply(to: set)
    guard let then = condition.then else {
      return step("condition", condition.text, next, "the call is meant, and nobody may take it") { _, _ in
        "the rule names no provider"
      }
    }
    let isIgnored = !condition.isForced && condition.kept.map { set.intersection($0).isEmpty } ?? false
    step(
      "condition", condition.text, next,
      isIgnored ? "the call is meant, but nobody fits, which counts only with force" : "the call is meant"
    ) { [self] candidate, _ in misfit(then, candidate) }
  }

  private mutating func note(_ affinity: AffinityStage) {
    let next = affinity.apply(to: set)
    let own = consumer.fact(affinity.text) ?? "none"
    let shared = set.intersection(affinity.kept).count
    let reason = "the consumer's \(affinity.text) is \(own), and \(shared) of \(set.count) share it"
    let verdict = next == set && shared < set.count ? "fewer than \(affinity.ratio)%, or none" : "enough"
    step("affinity", affinity.text, next, "\(reason): \(verdict)") { candidate, _ in
      "its \(affinity.text) is \(candidate.url.fact(affinity.text) ?? "none")"
    }
  }

  private mutating func note(_ stage: DestinationStage, _ context: ChoiceContext) {
    guard isMeant(stage.when, "condition", stage.text) else { return }
    switch stage.apply(to: set) {
    case .set(let next):
      let fitting = stage.destinations.count { !set.intersection($0.kept).isEmpty }
      let reason =
        stage.destinations.isEmpty
        ? "the call is meant, and the rule has no destination"
        : fitting > 0
          ? "the call is meant, and one destination has providers"
          : "the call is meant, but no destination has providers\(stage.isForced ? "" : ", which counts only with force")"
      step("condition", stage.text, next, reason) { _, _ in "it is in no destination" }
    case .draw(let choices):
      let drawn = WeightTable.draw(choices.map(\.weight), context.random)
      let weights = choices.map { "\($0.weight)" }.joined(separator: ":")
      step(
        "condition", stage.text, choices[drawn].set,
        "the call is meant; each call draws among destinations \(weights), this time number \(drawn + 1)"
      ) { _, index in
        choices.contains { $0.set.contains(index) } ? "another destination was drawn" : "it is in no destination"
      }
    }
  }

  /// Notes a rule that is about other calls, and then returns false.
  private mutating func isMeant(_ when: [ConditionExpression.Pair], _ router: String, _ rule: String) -> Bool {
    let missed = when.first {
      !$0.fits($0.key.value(in: invocation, consumer: consumer), consumer: consumer.fact, unreadable: false)
    }
    guard let missed else { return true }
    let value = missed.key.value(in: invocation, consumer: consumer).map { "\"\($0)\"" } ?? "missing"
    step(router, rule, set, "the call is not meant: \(missed) does not hold, \(missed.key) is \(value)") { _, _ in "" }
    return false
  }

  /// Why a provider does not fit.
  private func misfit(_ then: [ConditionExpression.Pair], _ candidate: Candidate) -> String {
    for pair in then {
      let value = if case .parameter(let name) = pair.key { candidate.url.fact(name) } else { String?.none }
      if pair.fits(value, consumer: consumer.fact, unreadable: true) { continue }
      return value.map { "\(pair) does not hold, its \(pair.key) is \"\($0)\"" } ?? "it has no \(pair.key)"
    }
    return "it does not fit"
  }

  private mutating func step(
    _ router: String, _ rule: String, _ next: CandidateSet, _ reason: String,
    why: (Candidate, Int) -> String
  ) {
    let all = table.roster.candidates
    let gone = set.subtracting(next)
    explanation.steps.append(
      .init(
        router: router, rule: rule, reason: reason, kept: next.members(of: all).map(\.address),
        dropped: all.indices.filter(gone.contains).map {
          .init(address: all[$0].address, reason: why(all[$0], $0))
        }))
    set = next
    left = next.members(of: all)
    explanation.result = left.map(\.address)
  }
}
