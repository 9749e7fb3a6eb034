public import DubboCore

/// A directory whose providers are given once: addresses in the configuration, or one directory per group or zone.
public final class StaticDirectory: Directory {
  public let service: ServiceKey
  public let snapshot: DirectorySnapshot
  private let context: ChoiceContext

  public init(
    service: ServiceKey, candidates: [Candidate], rules: RuleSet = RuleSet(), consumer: DubboURL? = nil,
    context: ChoiceContext = ChoiceContext()
  ) {
    self.service = service
    self.context = context
    let wall = context.clock.wallMilliseconds
    snapshot = DirectorySnapshot(
      version: 1, roster: Roster(candidates, wallMilliseconds: wall), rules: rules, service: service,
      consumer: consumer, wallMilliseconds: wall)
  }

  public convenience init(
    service: ServiceKey, endpoints: [any Endpoint], context: ChoiceContext = ChoiceContext()
  ) {
    self.init(service: service, candidates: endpoints.map(Candidate.init), context: context)
  }

  public func list(_ invocation: Invocation) async throws -> Roster {
    try snapshot.routed(invocation, service: service, context)
  }
}
