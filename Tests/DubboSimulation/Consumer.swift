import DubboCluster
import DubboCore
import DubboIO
import DubboRegistry
import DubboTriple
import TestDoubles

/// The calling application: the real directory, rules, strategy, balancer and protocol, put together as an application
/// does it.
///
/// `@unchecked Sendable`: see `World`.
final class Consumer: @unchecked Sendable {
  let loops: [EventLoop]
  let center = InMemoryConfigCenter()
  let directory: RegistryDirectory
  let cluster: any Invoker
  private let client: TripleProtocol
  private let watch: RuleWatch
  private let registries: [SimulatedRegistry]

  init(_ world: World, _ registries: [SimulatedRegistry], _ doubles: Doubles) throws {
    self.registries = registries
    let plan = world.plan
    let loops = (0..<plan.clientLoops).map { _ in world.network.makeLoop() }
    self.loops = loops
    let client = TripleProtocol(
      settings: Self.settings(world), group: LoopGroup(driven: loops, descriptors: DescriptorBudget(limit: 10_000)),
      log: .silent, clock: world.clock)
    self.client = client
    let url = DubboURL(
      scheme: "consumer", host: "10.9.0.1", path: Methods.interface,
      parameters: [
        "application": "caller", "region": "a", "cluster": plan.cluster, "loadbalance": plan.loadBalance,
        "sticky": "\(plan.isSticky)", "connections": world.chance(20) ? "2" : "1",
      ])
    let choice = ChoiceContext(clock: world.clock, random: RandomSource(seed: world.seed))
    let watch = RuleWatch(service: Methods.service, consumer: "caller", center: center, log: .silent)
    self.watch = watch
    directory = RegistryDirectory(
      consumer: url, registries: registries, protocols: ["tri"], context: choice, log: .silent,
      onApplications: { watch.providers($0) }
    ) { url in
      let endpoint = try client.endpoint(for: url)
      return WatchedEndpoint(doubles.endpoint?(endpoint, world.clock) ?? endpoint, world)
    }
    var catalog = ExtensionCatalog()
    catalog.registerClusterExtensions()
    let context = ClusterContext(
      directory: doubles.directory?(directory) ?? directory, url: url,
      balances: try BalanceTable(url, catalog: catalog),
      choice: choice, log: .silent, catalog: catalog)
    cluster = try doubles.cluster?(context) ?? catalog.factory(plan.cluster, for: Clusters.self)(context)
  }

  static func settings(_ world: World) -> TripleSettings {
    var settings = TripleSettings()
    settings.seed = world.seed
    return settings
  }

  /// Follows registries and rules until the task is cancelled, then closes what it has opened.
  func run() async {
    await withTaskGroup(of: Void.self) { group in
      for registry in registries { group.addTask { try? await registry.run() } }
      group.addTask { await self.directory.run() }
      group.addTask { [directory] in
        await self.watch.run { book in
          directory.update(rules: book.ruleSet())
          await directory.update(overrides: book.overrides)
        }
      }
      if let background = cluster as? any BackgroundWork { group.addTask { await background.run() } }
    }
    await client.shutDown(grace: .seconds(1))
  }

  /// Calls that providers are thought to be working on.
  var countedCalls: Int {
    directory.snapshot.roster.candidates.reduce(0) { $0 + $1.numbers.inFlight }
  }
}
