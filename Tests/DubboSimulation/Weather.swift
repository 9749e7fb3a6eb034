import DubboCore
import DubboRegistry
import TestDoubles

/// What happens to machines, registries and rules, until it is over and all is made well.
struct Weather: Sendable {
  let world: World
  let machines: [Machine]
  let registries: [SimulatedRegistry]
  let center: InMemoryConfigCenter

  func run() async {
    let end = world.now.advanced(by: world.plan.weather)
    await withTaskGroup(of: Void.self) { group in
      for machine in machines {
        group.addTask {
          await world.pause(0...600)
          await machine.start()
        }
      }
      // Restarts in order begin when all have started and consumers know.
      await world.pause(1_200...1_300)
      while world.now < end {
        await world.pause(1...300)
        if world.plan.isCalm { await change() } else { group.addTask { await disturb(before: end) } }
      }
      // Whoever registers waits for that.
      for registry in registries { registry.set(nil) }
    }
    await makeWell()
  }

  // MARK: Calm

  /// A change that a well-kept system makes every day, and that no call may notice.
  private func change() async {
    switch world.random(0...3) {
    case 0: await restart(world.pick(machines))
    case 1: await publish("org.example.Greeter::.condition-router", world.pick(Self.harmlessConditions))
    case 2: await publish("org.example.Greeter::.configurators", world.pick(Self.harmlessOverrides))
    default:
      let registry = world.pick(registries)
      registry.set(.unreachable)
      await world.pause(1...500)
      registry.set(nil)
    }
  }

  private func restart(_ machine: Machine) async {
    await machine.stop()
    await machine.start()
    // Until consumers know of it no other one stops.
    await world.pause(world.plan.registryLag * 2 + 50...world.plan.registryLag * 2 + 100)
  }

  private static let harmlessConditions = [
    "", "conditions: ['=> region=a,b']", "conditions: ['method=greet => application=shop']",
    "force: false\nconditions: ['=> region=nowhere']", "conditions: ['this is no rule']",
  ]
  private static let harmlessOverrides = [
    "", "configs: [{ side: consumer, parameters: { weight: 7 } }]",
    "configs: [{ side: consumer, addresses: ['10.0.0.1'], parameters: { weight: 900 } }]",
  ]

  // MARK: Storm

  private func disturb(before end: MonotonicInstant) async {
    guard world.now < end else { return }
    let machine = world.pick(machines)
    switch world.random(0...9) {
    case 0...2:
      await once(machine) {
        if world.chance(60) {
          await machine.crash()
        } else {
          await machine.stop()
          await world.pause(0...500)
          await machine.start()
        }
      }
    case 3:
      world.tell("\(machine.url.address) is cut off")
      world.network.freeze(machine.loop, for: .milliseconds(world.random(20...1_500)))
    case 4...5:
      machine.work.mood = world.pick(ProviderWork.Mood.allCases)
      world.tell("\(machine.url.address) is \(machine.work.mood)")
    case 6: world.pick(registries).set(world.chance(50) ? nil : world.pick(SimulatedRegistry.Trouble.allCases))
    case 7: await publish("org.example.Greeter::.condition-router", world.pick(Self.conditions))
    case 8: await publish("shop.tag-router", world.pick(Self.tags))
    default: await publish("org.example.Greeter::.configurators", world.pick(Self.overrides))
    }
  }

  private func once(_ machine: Machine, _ body: () async -> Void) async {
    guard !machine.isBusy else { return }
    machine.isBusy = true
    await body()
    machine.isBusy = false
  }

  private static let conditions =
    harmlessConditions + [
      "force: true\nconditions: ['=> region=nowhere']", "conditions: ['method=chat => host=10.0.0.1']",
      "conditions: ['method=greet => region=$region']",
    ]
  private static let tags = ["", "force: true\ntags: [{ name: gray, addresses: ['10.0.0.1:20000'] }]"]
  private static let overrides =
    harmlessOverrides + [
      "configs: [{ side: consumer, addresses: ['10.0.0.2'], parameters: { disabled: true } }]",
      "configs: [{ side: consumer, parameters: { retries: 0 } }]",
    ]

  // MARK: The end

  private func makeWell() async {
    world.tell("all is made well")
    for name in ["org.example.Greeter::.condition-router", "shop.tag-router", "org.example.Greeter::.configurators"] {
      await publish(name, "")
    }
    // One that is gone for good: whoever holds on to an old list is found out.
    let leaver = machines.count > 1 && world.chance(40) ? machines.last : nil
    for machine in machines {
      machine.work.mood = .well
      if machine === leaver { await machine.stop() } else { await machine.start() }
    }
    world.network.resetBrokenConnections()
    await world.pause(5_000...5_000)
    world.isSettled = true
    world.tell("all is well")
  }

  private func publish(_ name: String, _ text: String) async {
    world.tell("rule \(name): \(text)")
    try? await center.publish(text, for: ConfigKey(name))
  }
}
