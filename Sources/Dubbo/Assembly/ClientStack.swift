internal import DubboCluster
internal import DubboCore
internal import DubboRegistry

/// The layers of a call on its way out. This file is the only one that knows their order.
///
///     stub → filters → cluster → (directory → routers → balance) → endpoint → protocol
final class ClientStack: Sendable {
  /// One registry's providers, or those of all registries as one list.
  struct Source: Sendable {
    var registry: DubboURL
    var directory: RegistryDirectory
  }

  let invoker: any Invoker
  let balances: BalanceTable
  /// What the cluster and the filters do beside their calls, for whoever owns tasks to run.
  let background: [any BackgroundWork]

  /// - Parameter sources: one; several for a cluster that keeps registries apart.
  init(
    for consumer: DubboURL, sources: [Source], _ application: DubboApplication, _ shared: SharedByReferences
  ) throws {
    // The endpoint comes from the protocol, by way of the directory: one per provider, kept through every update.
    // The directory stands below the cluster, because each attempt of a call asks anew who is there.
    let catalog = application.extensions
    let balances = try BalanceTable(consumer, catalog: catalog)
    self.balances = balances
    func context(_ directory: RegistryDirectory, parts: [ClusterContext.Part] = []) -> ClusterContext {
      ClusterContext(
        directory: directory, url: consumer, balances: balances, choice: shared.choice, replays: shared.replays,
        log: application.log, catalog: catalog, parts: parts)
    }
    guard let first = sources.first else {
      throw DubboError(.internal, "a client without a directory", reason: .configuration, progress: .notSent)
    }
    let parts = sources.map { ClusterContext.Part(registry: $0.registry, context: context($0.directory)) }

    // The cluster turns one call into attempts. It chooses by what the endpoints do, so that nothing may stand between
    // them that hides a failure.
    let cluster = try catalog.factory(consumer.cluster, for: Clusters.self)(context(first.directory, parts: parts))

    // The filters are outermost: a user's filter sees one call, however many attempts it takes, and what a filter adds
    // to the invocation goes out with each of them.
    let chain = try FilterChain(consumer, side: .consumer, application)
    background = [cluster as? any BackgroundWork].compactMap { $0 } + chain.background
    invoker = chain.filters.isEmpty ? cluster : FilteredInvoker(chain.filters, around: cluster)
  }
}

/// What all references of an application share.
struct SharedByReferences: Sendable {
  let choice: ChoiceContext
  /// The memory for requests that may have to be sent again.
  let replays: ReplayMemory
}
