import DubboCluster
import DubboCore
import DubboSimulation
import Synchronization
import Testing

/// The invariants are no use if they cannot be broken: each of these consumers has a bug, and some seed must find it.
@Suite struct PlantedBugTests {
  /// The violations of the first of `limit` seeds that finds any.
  private func firstFinding(_ limit: UInt64, _ doubles: Doubles) async -> [String] {
    for seed in 1...limit {
      // Tests with real deadlines share the pool's threads.
      await Task.yield()
      let violations = Simulation.run(seed: seed, doubles: doubles).violations
      if !violations.isEmpty { return violations }
    }
    return []
  }

  @Test func `a retry without end is found`() async {
    var doubles = Doubles()
    doubles.cluster = { EndlessRetry(context: $0) }
    let found = await firstFinding(40, doubles)
    #expect(found.contains { $0.contains("was tried") || $0.contains("was executed") })
  }

  @Test func `a directory that holds on to an old list is found`() async {
    var doubles = Doubles()
    doubles.directory = { StaleDirectory($0) }
    let found = await firstFinding(40, doubles)
    #expect(found.contains { $0.contains("had let go") || $0.contains("when all was well") })
  }

  @Test func `a wake-up that is lost is found`() async {
    // What waits in here waits until the process ends.
    let lost = Mutex<[UnsafeContinuation<Void, Never>]>([])
    var doubles = Doubles()
    doubles.endpoint = { [turn = SpoiltEndpoint.Turn()] endpoint, _ in
      SpoiltEndpoint(endpoint: endpoint, turn: turn) { _ in
        await withUnsafeContinuation { continuation in lost.withLock { $0.append(continuation) } }
      }
    }
    let found = await firstFinding(40, doubles)
    #expect(found.contains { $0.contains("ended 0 times") })
  }

  @Test func `an answer that is kept past the deadline is found`() async {
    var doubles = Doubles()
    doubles.endpoint = { [turn = SpoiltEndpoint.Turn()] endpoint, clock in
      SpoiltEndpoint(endpoint: endpoint, turn: turn) { invocation in
        guard let deadline = invocation.deadline else { return }
        try? await clock.sleep(until: deadline.advanced(by: .milliseconds(60)))
      }
    }
    let found = await firstFinding(40, doubles)
    #expect(found.contains { $0.contains("after it was due") })
  }
}
