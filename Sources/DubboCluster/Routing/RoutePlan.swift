internal import Synchronization

/// The list of candidates for calls that all routers treat alike; where a rule draws among destinations, one list for
/// each outcome, made when it first comes up.
final class RoutePlan: Sendable {
  private enum Form: Sendable {
    case list(Roster)
    case draw(Draw)
  }

  private final class Draw: Sendable {
    let ways: [RouteProgress]
    let table: WeightTable?
    let plans: Mutex<[RoutePlan?]>

    init(_ ways: [(progress: RouteProgress, weight: Int)]) {
      self.ways = ways.map(\.progress)
      table = WeightTable(ways.map(\.weight))
      plans = Mutex([RoutePlan?](repeating: nil, count: ways.count))
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
      stages, applies, wish, roster, wallMilliseconds,
      from: RouteProgress(set: CandidateSet(size: roster.count, all: true)))
  }

  private init(
    _ stages: [RouteStage], _ applies: [Bool], _ wish: TagStage.Wish, _ source: Roster, _ wallMilliseconds: Int64,
    from progress: RouteProgress
  ) {
    self.stages = stages
    self.applies = applies
    self.wish = wish
    self.source = source
    self.wallMilliseconds = wallMilliseconds
    var progress = progress
    switch progress.run(stages, applies: applies, wish) {
    case .draw(let ways):
      form = .draw(Draw(ways))
    case .done:
      let isAll = progress.set.count == source.count
      form = .list(
        isAll
          ? source : source.part(progress.set.places, wallMilliseconds: wallMilliseconds))
    }
  }

  func roster(_ context: ChoiceContext) -> Roster {
    switch form {
    case .list(let roster): return roster
    case .draw(let draw):
      let index = draw.table?.draw(context.random) ?? context.random.next(below: draw.ways.count)
      let plan = draw.plans.withLock { plans in
        if let plan = plans[index] { return plan }
        let made = RoutePlan(stages, applies, wish, source, wallMilliseconds, from: draw.ways[index])
        plans[index] = made
        return made
      }
      return plan.roster(context)
    }
  }
}
