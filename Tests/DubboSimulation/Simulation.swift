import DubboCore
import DubboIO
import TestDoubles

/// One run, from its first event to its last, and what is to be said of it.
package struct Simulation {
  package struct Outcome: Sendable {
    package var seed: UInt64
    /// What broke which invariant; empty when all is well.
    package var violations: [String]
    /// Folds every event in its order: two runs of one seed have the same.
    package var digest: UInt64
    package var calls: Int
    package var failedCalls: Int
    package var attempts: Int
    /// The largest number of bytes between a writer and its reader.
    package var peak: Int
    /// Everything that happened, for people; empty unless it was asked for.
    package var story: [String]
  }

  private static let longest: Duration = .seconds(300)

  package static func run(seed: UInt64, tellsStory: Bool = false, doubles: Doubles = Doubles()) -> Outcome {
    var (outcome, loops) = runLeaving(seed: seed, tellsStory: tellsStory, doubles: doubles)
    // All that a call or a connection consists of leads to its loop.
    if outcome.violations.isEmpty, loops.contains(where: { $0.loop != nil }) {
      outcome.violations = ["something is left of a call or a connection when all is over, and holds its loop"]
    }
    return outcome
  }

  /// The outcome, and the loops that should be gone.
  private static func runLeaving(seed: UInt64, tellsStory: Bool, doubles: Doubles) -> (Outcome, [WeakLoop]) {
    let world = World(seed: seed, tellsStory: tellsStory)
    var violations: [String] = []
    do {
      violations = try play(world, doubles)
    } catch {
      violations = ["the run cannot begin: \(error)"]
    }
    let entries = world.ledger.entries
    let outcome = Outcome(
      seed: seed, violations: violations, digest: world.network.digest, calls: entries.count,
      failedCalls: entries.count { $0.failure != nil }, attempts: entries.reduce(0) { $0 + $1.attempts },
      peak: entries.map(\.peak).max() ?? 0, story: world.story ?? [])
    return (outcome, world.network.loops.map(WeakLoop.init))
  }

  private static func play(_ world: World, _ doubles: Doubles) throws -> [String] {
    let registries = (0..<world.plan.registries).map { SimulatedRegistry($0 + 1, world) }
    let machines = (0..<world.plan.machines).map { Machine($0 + 1, world, registries) }
    let consumer = try Consumer(world, registries, doubles)
    let weather = Weather(world: world, machines: machines, registries: registries, center: consumer.center)
    let done = Flag()
    Task(executorPreference: world.network.pool) {
      await run(world, consumer, weather)
      done.isSet = true
    }
    let hasEnded = world.network.run(for: longest) { done.isSet || world.ledger.isHopeless }
    var violations = world.ledger.violations
    if !hasEnded || !done.isSet {
      violations.append(
        world.ledger.isHopeless
          ? "given up" : "the run does not end: somebody waits for something that does not come")
      return violations
    }
    if consumer.countedCalls != 0 { violations.append("\(consumer.countedCalls) calls are still counted") }
    world.network.shutDown()
    return violations
  }

  private static func run(_ world: World, _ consumer: Consumer, _ weather: Weather) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await consumer.run() }
      let callers = Callers(world, consumer)
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await weather.run() }
        // Some callers' tasks run on the loop of their connection, as a provider's do that calls others.
        for number in 0..<world.plan.callers {
          let loop = consumer.loops[number % consumer.loops.count]
          if world.chance(30) {
            group.addTask(executorPreference: loop) { await callers.run() }
          } else {
            group.addTask { await callers.run() }
          }
        }
      }
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<max(2, world.plan.callers / 2) { group.addTask { await callers.call(mustSucceed: true) } }
      }
      group.cancelAll()
    }
    for machine in weather.machines { await machine.stop() }
  }
}

/// Set by a task, read by the thread that drives it.
///
/// `@unchecked Sendable`: see `World`.
final class Flag: @unchecked Sendable {
  var isSet = false
}

private struct WeakLoop {
  weak var loop: EventLoop?
}
