internal import DubboCluster
internal import DubboCore
internal import DubboRegistry

/// The layers of a call on its way out. This file is the only one that knows their order.
///
///     stub → filters → cluster → (directory → routers → balance) → endpoint → protocol
final class ClientStack: Sendable {
  let invoker: any Invoker
  /// What the cluster does beside its calls, for whoever owns tasks to run.
  let background: (any BackgroundWork)?

  init(
    for consumer: DubboURL, directory: RegistryDirectory, _ application: DubboApplication, _ choice: ChoiceContext
  ) throws {
    // The endpoint comes from the protocol, by way of the directory: one per provider, kept through every update.
    // The directory stands below the cluster, because each attempt of a call asks anew who is there.
    let catalog = application.extensions
    let context = ClusterContext(
      directory: directory, url: consumer, balances: try BalanceTable(consumer, catalog: catalog), choice: choice,
      log: application.log, catalog: catalog)

    // The cluster turns one call into attempts. It chooses by what the endpoints do, so that nothing may stand between
    // them that hides a failure.
    let cluster = try catalog.factory(consumer.cluster, for: Clusters.self)(context)
    background = cluster as? any BackgroundWork

    // The filters are outermost: a user's filter sees one call, however many attempts it takes, and what a filter adds
    // to the invocation goes out with each of them.
    let filters = try FilterChain(consumer, side: .consumer, application).filters
    invoker = filters.isEmpty ? cluster : FilteredInvoker(filters, around: cluster)
  }
}
