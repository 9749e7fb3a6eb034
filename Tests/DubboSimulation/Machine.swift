import DubboCore
import DubboIO
import DubboTriple
import TestDoubles

/// A machine with one provider on it, which can be stopped, started anew and broken.
///
/// `@unchecked Sendable`: see `World`.
final class Machine: @unchecked Sendable {
  let loop: EventLoop
  let work: ProviderWork
  let url: DubboURL
  private let world: World
  private let registries: [SimulatedRegistry]
  private var server: TripleProtocol?
  /// Something is being done to it.
  var isBusy = false

  init(_ number: Int, _ world: World, _ registries: [SimulatedRegistry]) {
    self.world = world
    self.registries = registries
    loop = world.network.makeLoop()
    work = ProviderWork(world)
    var parameters: URLParameters = ["application": "shop", "region": number % 2 == 0 ? "a" : "b"]
    if world.chance(30) { parameters["weight"] = "\(world.random(1...300))" }
    if world.chance(20) { parameters["timestamp"] = "\(world.clock.wallMilliseconds)" }
    // Calls without a tag leave these alone, so that there must be others.
    if number > 1, !world.plan.isCalm, world.chance(20) { parameters["dubbo.tag"] = "gray" }
    url = DubboURL(
      scheme: "tri", host: "10.0.0.\(number)", port: 20_000, path: Methods.interface, parameters: parameters)
  }

  var isServing: Bool { server != nil }

  /// Begins to serve, and is known to all registries when this returns.
  func start() async {
    guard server == nil else { return }
    world.tell("\(url.address) starts")
    let server = TripleProtocol(
      settings: Consumer.settings(world),
      group: LoopGroup(driven: [loop], descriptors: DescriptorBudget(limit: 10_000)),
      log: .silent, clock: world.clock)
    do {
      _ = try await server.export(work, methods: Methods.all, at: url)
      self.server = server
    } catch {
      world.ledger.breach("\(url.address) cannot serve: \(error)")
    }
    for registry in registries { await registry.insist(on: url) }
  }

  /// Takes itself out of the registries, lets its calls end, and stops.
  func stop() async {
    guard let server else { return }
    world.tell("\(url.address) stops")
    for registry in registries { try? await registry.unregister(url) }
    // In calm weather as much as the longest call may take.
    await server.shutDown(grace: world.plan.isCalm ? .milliseconds(Callers.timeoutWhenWell) : .seconds(2))
    self.server = nil
    world.tell("\(url.address) has stopped")
  }

  /// Breaks down and comes back after a while. The registries notice or do not.
  func crash() async {
    let silently = world.chance(40)
    let isNoticed = world.chance(50)
    world.tell("\(url.address) breaks down\(silently ? " silently" : "")")
    world.network.crash(loop, silently: silently)
    if isNoticed { for registry in registries { try? await registry.unregister(url) } }
    await world.pause(50...2_000)
    world.tell("\(url.address) is back")
    world.network.restart(loop)
    if isNoticed { for registry in registries { await registry.insist(on: url) } }
  }
}
