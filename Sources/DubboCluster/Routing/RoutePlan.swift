internal import Synchronization

/// The list of candidates for calls that all routers treat alike; where a rule draws among destinations, one list for
/// each outcome, made when it first comes up.
final class RoutePlan: Sendable {
  private enum Form: Sendable {
    case list(Roster)
    case draw(Draw)
  }

  private final class Draw: Sendable {
    let sets: [CandidateSet]
    let table: WeightTable?
    let nextStage: Int
    let plans: Mutex<[RoutePlan?]>

    init(_ choices: [(set: CandidateSet, weight: Int)], nextStage: Int) {
      sets = choices.map(\.set)
      table = WeightTable(choices.map(\.weight))
      self.nextStage = nextStage
      plans = Mutex([RoutePlan?](repeating: nil, count: choices.count))
    }
  }

  private let form: Form
  private let stages: [RouteStage]
  private let applies: [Bool]
  private let wish: TagStage.Wish
  private let source: Roster
  private let wallMilliseconds: Int64

  /// - Parameter applies: for each stage, whether these calls are subject to it.
  convenience init(
    stages: [RouteStage], applies: [Bool], wish: TagStage.Wish, roster: Roster, wallMilliseconds: Int64
  ) {
    self.init(
      stages, applies, wish, roster, wallMilliseconds, from: 0, CandidateSet(size: roster.count, all: true))
  }

  private init(
    _ stages: [RouteStage], _ applies: [Bool], _ wish: TagStage.Wish, _ source: Roster, _ wallMilliseconds: Int64,
    from first: Int, _ input: CandidateSet
  ) {
    self.stages = stages
    self.applies = applies
    self.wish = wish
    self.source = source
    self.wallMilliseconds = wallMilliseconds
    var set = input
    for index in first..<max(first, stages.count) where applies[index] {
      switch stages[index] {
      case .tag(let stage): set = stage.apply(to: set, wish)
      case .condition(let stage): set = stage.apply(to: set)
      case .affinity(let stage): set = stage.apply(to: set)
      case .destinations(let stage):
        switch stage.apply(to: set) {
        case .set(let result): set = result
        case .draw(let choices):
          form = .draw(Draw(choices, nextStage: index + 1))
          return
        }
      }
    }
    let isAll = set.count == source.count
    form = .list(isAll ? source : Roster(set.members(of: source.candidates), wallMilliseconds: wallMilliseconds))
  }

  func roster(_ context: ChoiceContext) -> Roster {
    switch form {
    case .list(let roster): return roster
    case .draw(let draw):
      let index = draw.table?.draw(context.random) ?? context.random.next(below: draw.sets.count)
      let plan = draw.plans.withLock { plans in
        if let plan = plans[index] { return plan }
        let made = RoutePlan(
          stages, applies, wish, source, wallMilliseconds, from: draw.nextStage, draw.sets[index])
        plans[index] = made
        return made
      }
      return plan.roster(context)
    }
  }
}
