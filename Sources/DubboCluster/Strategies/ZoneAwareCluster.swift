public import DubboCore

/// `zone-aware`: several registries, each with a cluster of its own; a call goes to one of them. First the registry
/// that is preferred, then one of the caller's zone, then by the registries' weights, then any that has providers.
public struct ZoneAwareCluster: Invoker {
  /// One registry's providers.
  public struct Member: Sendable {
    /// The registry's URL: `preferred`, `zone`, `weight`.
    public var registry: DubboURL
    /// The cluster over its providers.
    public var cluster: any Invoker
    /// Tells whether it has providers.
    public var directory: any Directory

    public init(registry: DubboURL, cluster: any Invoker, directory: any Directory) {
      self.registry = registry
      self.cluster = cluster
      self.directory = directory
    }

    fileprivate var hasProviders: Bool { !directory.snapshot.roster.isEmpty }
  }

  /// What `cluster=` says for this strategy.
  public static let names = ["zone-aware", "zoneAware"]

  /// The attachments by which a call asks for a zone; with the second `true`, for that zone or nothing.
  public static let zoneName = "registry_zone"
  public static let forceName = "registry_zone_force"

  private let members: [Member]
  private let context: ChoiceContext

  public init(_ members: [Member], context: ChoiceContext = ChoiceContext()) {
    self.members = members
    self.context = context
  }

  /// Over the registries of `context`, a failover cluster for each.
  public init(_ context: ClusterContext) {
    members = context.parts.map { part in
      Member(registry: part.registry, cluster: FailoverCluster(part.context), directory: part.context.directory)
    }
    self.context = context.choice
  }

  public func invoke(_ invocation: Invocation) async throws -> Reply {
    guard let first = members.first else {
      throw DubboError(.unavailable, "no registry is configured", reason: .noProvider, progress: .notSent)
    }
    // With nobody anywhere, the first cluster waits for providers, or says why there are none.
    return try await (try choose(for: invocation) ?? first).cluster.invoke(invocation)
  }

  private func choose(for invocation: Invocation) throws -> Member? {
    let serving = members.filter(\.hasProviders)
    if let preferred = serving.first(where: { $0.registry[PreferredKey.self] }) { return preferred }
    if let zone = invocation.metadata[Self.zoneName], !zone.isEmpty {
      if let local = serving.first(where: { $0.registry[ZoneKey.self] == zone }) { return local }
      if invocation.metadata[Self.forceName]?.lowercased() == "true" {
        throw DubboError(
          .unavailable, "no registry of the zone \"\(zone)\" has providers, and the call wants no other",
          reason: .noProvider, progress: .notSent)
      }
    }
    guard serving.count > 1 else { return serving.first }
    let weights = serving.map { min(max(0, $0.registry.weight), Weighting.largest) }
    let index = WeightTable.draw(weights, context.random)
    return serving[index]
  }
}
