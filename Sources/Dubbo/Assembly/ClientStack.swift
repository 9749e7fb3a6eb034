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

  let balances: BalanceTable
  private let timeouts: LiveReading<Timeouts>
  private let directory: any Directory
  private let filters: LiveFilters

  /// - Parameters:
  ///   - sources: one; several for a cluster that keeps registries apart.
  ///   - tasks: where runs what the clusters and the filters do beside their calls.
  init(
    for consumer: DubboURL, sources: [Source], _ application: DubboApplication, _ shared: SharedByReferences,
    _ tasks: TaskScope
  ) throws {
    // The endpoint comes from the protocol, by way of the directory: one per provider, kept through every update.
    // The directory stands below the cluster, because each attempt of a call asks anew who is there.
    let catalog = application.extensions
    try catalog.checkCompressor(of: consumer)
    guard let first = sources.first else {
      throw DubboError(.internal, "a client without a directory", reason: .configuration, progress: .notSent)
    }

    // The cluster turns one call into attempts. It chooses by what the endpoints do, so that nothing may stand between
    // them that hides a failure.
    @Sendable
    func cluster(of url: DubboURL) throws -> (invoker: any Invoker, balances: BalanceTable) {
      let balances = try BalanceTable(url, catalog: catalog)
      func context(_ directory: RegistryDirectory, parts: [ClusterContext.Part] = []) -> ClusterContext {
        ClusterContext(
          directory: directory, url: url, balances: balances, choice: shared.choice, replays: shared.replays,
          log: application.log, catalog: catalog, parts: parts)
      }
      let parts = sources.map { ClusterContext.Part(registry: $0.registry, context: context($0.directory)) }
      let invoker = try catalog.factory(url.cluster, for: Clusters.self)(context(first.directory, parts: parts))
      if let work = invoker as? any BackgroundWork { tasks.start { await work.run() } }
      return (invoker, balances)
    }
    let given = try cluster(of: consumer)
    balances = given.balances
    timeouts = LiveReading(consumer) { Timeouts($0) }
    directory = first.directory

    // Rules may name another strategy or balance while the application runs.
    let live = LiveCluster(consumer, directory: first.directory, given: given.invoker, log: application.log) { url in
      let other = try cluster(of: url)
      for source in sources { await source.directory.prepare(for: other.balances) }
      return other.invoker
    }

    // The filters are outermost: a user's filter sees one call, however many attempts it takes, and what a filter adds
    // to the invocation goes out with each of them. Rules may ask for others while the application runs.
    let filters = try LiveFilters(consumer, around: live, application, tasks)
    self.filters = filters
    tasks.start { await filters.follow(first.directory.overrideChanges) }
  }

  /// What carries out a call that begins now.
  var invoker: any Invoker { filters.invoker }

  /// How long a call of `method` may take unless it says so itself, at present; nil for no limit.
  func timeout(of method: MethodDescriptor) -> Duration? {
    timeouts.value(directory.snapshot).of(method)
  }
}

/// What all references of an application share.
struct SharedByReferences: Sendable {
  let choice: ChoiceContext
  /// The memory for requests that may have to be sent again.
  let replays: ReplayMemory
  /// For connections that are opened before calls need them.
  let allowance: ConnectionAllowance
}
