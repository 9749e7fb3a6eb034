internal import DubboCore
internal import Synchronization

/// What the routers do with the calls of one method: the conditions that its calls can still differ in, and the list
/// for each way in which they have differed so far.
final class MethodPlan: Sendable {
  /// What calls are told apart by.
  private struct Facts: Hashable {
    /// The attachments that rules look at, those of tags among them.
    var attachments: AttachmentScan.Found?
    /// The arguments, when rules look at them.
    var arguments: [String]?
  }

  private struct Signature: Hashable {
    /// One bit for each condition that has to be looked at per call.
    var holds: [Bool]
    var wish: TagStage.Wish
  }

  private struct Known {
    var byFacts: [Facts: RoutePlan] = [:]
    var bySignature: [Signature: RoutePlan] = [:]
  }

  private struct OpenCondition: Sendable {
    var stage: Int
    /// Without what the method and the consumer have settled.
    var pairs: [ConditionExpression.Pair]
  }

  private let stages: [RouteStage]
  private let roster: Roster
  private let consumer: DubboURL
  private let standingWish: TagStage.Wish
  private let wallMilliseconds: Int64
  /// For each stage: whether calls of this method are subject to it, or nil when that is an open condition.
  private let settled: [Bool?]
  private let open: [OpenCondition]
  private let usual: RoutePlan
  private let known = Mutex(Known())
  private let scan: AttachmentScan
  private let looksAtArguments: Bool

  private static let limit = 1_024

  init(
    method: String, stages: [RouteStage], roster: Roster, consumer: DubboURL, wish: TagStage.Wish,
    wallMilliseconds: Int64
  ) {
    self.stages = stages
    self.roster = roster
    self.consumer = consumer
    self.wallMilliseconds = wallMilliseconds
    standingWish = wish
    var settled: [Bool?] = []
    var open: [OpenCondition] = []
    for (index, stage) in stages.enumerated() {
      let (answer, rest) = Self.settle(stage.when, method: method, consumer: consumer)
      settled.append(answer)
      if answer == nil { open.append(OpenCondition(stage: index, pairs: rest)) }
    }
    self.settled = settled
    self.open = open
    let keys = open.flatMap(\.pairs).map(\.key)
    var names = [TagKey.name, ForceTagKey.name]
    for case .attachment(let name) in keys where !names.contains(name) { names.append(name) }
    scan = AttachmentScan(names)
    looksAtArguments = keys.contains { key in
      switch key {
      case .argument, .argumentCount: true
      case .method, .attachment, .parameter: false
      }
    }
    // The commonest call has no attachments: every open condition is false for it.
    usual = RoutePlan(
      stages: stages, applies: settled.map { $0 ?? false }, wish: wish, roster: roster,
      wallMilliseconds: wallMilliseconds)
  }

  func roster(for invocation: Invocation, _ context: ChoiceContext) -> Roster {
    let facts = Facts(
      attachments: scan.find(in: invocation.metadata),
      arguments: looksAtArguments ? invocation.attributes[ArgumentTexts.self] : nil)
    if facts.attachments == nil, facts.arguments == nil { return usual.roster(context) }
    if let plan = known.withLock({ $0.byFacts[facts] }) { return plan.roster(context) }
    return plan(for: invocation, facts).roster(context)
  }

  private func plan(for invocation: Invocation, _ facts: Facts) -> RoutePlan {
    let holds = open.map { condition in
      condition.pairs.allSatisfy {
        $0.fits($0.key.value(in: invocation, consumer: consumer), consumer: consumer.fact, unreadable: false)
      }
    }
    let signature = Signature(holds: holds, wish: TagStage.Wish(invocation, standing: standingWish))
    if let plan = known.withLock({ Self.remember($0.bySignature[signature], for: facts, in: &$0) }) { return plan }
    var applies = settled.map { $0 ?? false }
    for (condition, holds) in zip(open, signature.holds) { applies[condition.stage] = holds }
    let made = RoutePlan(
      stages: stages, applies: applies, wish: signature.wish, roster: roster, wallMilliseconds: wallMilliseconds)
    return known.withLock { known in
      // Tags and attachments may take any number of values: start over rather than grow.
      if known.bySignature.count >= Self.limit { known.bySignature.removeAll() }
      let plan = known.bySignature[signature] ?? made
      known.bySignature[signature] = plan
      return Self.remember(plan, for: facts, in: &known) ?? plan
    }
  }

  private static func remember(_ plan: RoutePlan?, for facts: Facts, in known: inout Known) -> RoutePlan? {
    guard let plan else { return nil }
    if known.byFacts.count >= limit { known.byFacts.removeAll() }
    known.byFacts[facts] = plan
    return plan
  }

  /// What the method and the consumer alone say about `when`; nil, and the pairs that are left, when that is not all.
  private static func settle(
    _ when: [ConditionExpression.Pair], method: String, consumer: DubboURL
  ) -> (Bool?, [ConditionExpression.Pair]) {
    var rest: [ConditionExpression.Pair] = []
    for pair in when {
      switch pair.key {
      case .method:
        if !pair.fits(method, consumer: consumer.fact, unreadable: false) { return (false, []) }
      case .parameter(let name):
        if !pair.fits(consumer.fact(name), consumer: consumer.fact, unreadable: false) { return (false, []) }
      case .argument, .argumentCount, .attachment:
        rest.append(pair)
      }
    }
    return (rest.isEmpty ? true : nil, rest)
  }
}
