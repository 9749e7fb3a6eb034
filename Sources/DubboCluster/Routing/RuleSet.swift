internal import DubboCore

/// Everything that decides which providers a call may go to: rules and the application's own routers.
///
/// An immutable value. A rule that is about another service or application is kept out when the rules of one
/// reference are put together.
public struct RuleSet: Sendable {
  package var conditions: [ConditionRules] = []
  package var tags: [TagRules] = []
  package var affinities: [AffinityRules] = []
  package var meshes: [MeshRules] = []
  /// Asked after all rules, in their order.
  public var routers: [any Router] = []

  /// No rules: every provider may take every call, but for tags that providers and calls carry.
  public init() {}

  /// Reads rules as Dubbo's config centers hold them.
  ///
  ///     try RuleSet(reading: ["shop.tag-router": text])
  ///
  /// - Parameter files: the rules' texts under their names, which end in `.condition-router`, `.tag-router`,
  ///   `.affinity-router` or `.MESHAPPRULE`.
  ///
  /// Throws an error whose description quotes each line that is wrong, with a caret under the spot.
  public init(reading files: KeyValuePairs<String, String>) throws {
    try self.init(reading: files.map { ($0.key, $0.value) })
  }

  package init(reading files: [(name: String, text: String)]) throws {
    var book = RuleBook()
    for (name, text) in files {
      guard RuleBook.isRule(name), !RuleBook.isOverride(name) else { throw UnknownKind(name: name) }
      try book.file(text, under: name)
    }
    self = book.ruleSet()
  }

  private struct UnknownKind: Error, CustomStringConvertible {
    var name: String
    var description: String {
      "\"\(name)\" is no name of a routing rule: they end in .condition-router, .tag-router, .affinity-router or "
        + ".MESHAPPRULE"
    }
  }

  package init(
    conditions: [ConditionRules] = [], tags: [TagRules] = [], affinities: [AffinityRules] = [],
    meshes: [MeshRules] = [], routers: [any Router] = []
  ) {
    self.conditions = conditions
    self.tags = tags
    self.affinities = affinities
    self.meshes = meshes
    self.routers = routers
  }

  /// These rules and `live` ones, as a config center has them; where both have a tag rule or mesh rules for one
  /// application, the live ones count.
  package func adding(_ live: RuleSet) -> RuleSet {
    RuleSet(
      conditions: live.conditions + conditions, tags: live.tags + tags, affinities: live.affinities + affinities,
      meshes: live.meshes + meshes, routers: routers + live.routers)
  }

  /// The condition rules for `service`, in the order in which they work: those of the service, of the provider's
  /// application, of the consumer's application; of each the higher priority first.
  func conditions(for service: ServiceKey, consumer: String?, providers: Set<String>) -> [ConditionRules] {
    let ofService = conditions.filter { $0.head.scope == .service && $0.head.isAbout(service) }
    let ofApplications = conditions.filter { $0.head.scope == .application }
    let ofProviders = ofApplications.filter { providers.contains($0.head.key) && $0.head.key != consumer }
    let ofConsumer = ofApplications.filter { $0.head.key.isEmpty || $0.head.key == consumer }
    return [ofService, ofProviders, ofConsumer].flatMap(Self.inOrder)
  }

  /// The tag rule for providers of the applications `providers`.
  func tag(providers: Set<String>) -> TagRules? {
    tags.first { $0.head.isEnabled && ($0.head.key.isEmpty || providers.contains($0.head.key)) }
  }

  /// The mesh rules of the applications `providers`, one for each at most, in the order of their names.
  func meshes(providers: Set<String>) -> [MeshRules] {
    providers.sorted().compactMap { name in meshes.first { $0.application == name } }
  }

  func affinities(for service: ServiceKey, consumer: String?) -> [AffinityRules] {
    affinities.filter { rule in
      guard rule.head.isEnabled else { return false }
      return rule.head.scope == .service
        ? rule.head.isAbout(service) : rule.head.key.isEmpty || rule.head.key == consumer
    }
  }

  private static func inOrder(_ rules: [ConditionRules]) -> [ConditionRules] {
    let enabled = rules.filter(\.head.isEnabled)
    let order = enabled.indices.sorted {
      (-enabled[$0].head.priority, $0) < (-enabled[$1].head.priority, $1)
    }
    return order.map { enabled[$0] }
  }
}
