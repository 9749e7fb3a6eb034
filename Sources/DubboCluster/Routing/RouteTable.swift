internal import DubboCore
internal import Synchronization

/// All routers of a reference, compiled for one list of candidates.
///
/// What a rule keeps is known when the table is made. Which rules a call is subject to depends on its method, and on
/// its attachments and tag where a rule looks at them; the list for each combination is made once and then found by
/// one look-up.
final class RouteTable: Sendable {
  let roster: Roster
  let stages: [RouteStage]
  let consumer: DubboURL
  private let routers: [any Router]
  private let wish: TagStage.Wish
  private let wallMilliseconds: Int64
  private let plans = Mutex<[String: MethodPlan]>([:])
  /// Nothing can ever be left out.
  private let isTransparent: Bool

  private static let methodLimit = 1_024

  init(_ roster: Roster, rules: RuleSet, service: ServiceKey, consumer: DubboURL, wallMilliseconds: Int64) {
    self.roster = roster
    self.consumer = consumer
    self.wallMilliseconds = wallMilliseconds
    routers = rules.routers
    wish = TagStage.Wish(consumer)
    let candidates = roster.candidates
    let applications = Set(candidates.compactMap(\.url.application))
    var compiler = RuleCompiler(candidates: candidates, consumer: consumer)
    let tag = TagStage(rules.tag(providers: applications), candidates)
    let conditions = rules.conditions(for: service, consumer: consumer.application, providers: applications)
    let affinities = rules.affinities(for: service, consumer: consumer.application)
    let meshes = rules.meshes(providers: applications).flatMap { compiler.stages($0, for: service) }
    stages =
      meshes + (meshes.isEmpty ? [] : [.meshEnd]) + [.tag(tag)] + conditions.flatMap { compiler.stages($0) }
      + affinities.map { compiler.stage($0) }
    isTransparent = !tag.matters && stages.count == 1 && rules.routers.isEmpty
  }

  func route(_ invocation: Invocation, _ context: ChoiceContext) -> Roster {
    if isTransparent, invocation.metadata.isEmpty, !wish.isForced || wish.tag.isEmpty { return roster }
    let ruled = plan(for: invocation).roster(for: invocation, context)
    return routers.isEmpty ? ruled : ask(routers, ruled, invocation)
  }

  private func plan(for invocation: Invocation) -> MethodPlan {
    let method = invocation.method.name
    if let plan = plans.withLock({ $0[method] }) { return plan }
    let made = MethodPlan(
      method: method, stages: stages, roster: roster, consumer: consumer, wish: wish,
      wallMilliseconds: wallMilliseconds)
    return plans.withLock { plans in
      if let plan = plans[method] { return plan }
      if plans.count >= Self.methodLimit { plans.removeAll() }
      plans[method] = made
      return made
    }
  }

  private func ask(_ routers: [any Router], _ ruled: Roster, _ invocation: Invocation) -> Roster {
    var candidates = ruled.candidates
    for router in routers { candidates = router.route(candidates, for: invocation, consumer: consumer) }
    // What routers leave is mostly a part of what they got, in its order; a balancer can use what it has made for that.
    var places: [Int] = []
    for (place, candidate) in ruled.candidates.enumerated() where places.count < candidates.count {
      if candidate === candidates[places.count] { places.append(place) }
    }
    guard places.count == candidates.count else { return Roster(candidates, wallMilliseconds: wallMilliseconds) }
    return places.count == ruled.count ? ruled : ruled.part(places, wallMilliseconds: wallMilliseconds)
  }

  /// The application's own routers, for `explain`.
  var ownRouters: [any Router] { routers }
  var standingWish: TagStage.Wish { wish }
}
