import DubboSimulation
import Testing

/// Each seed keeps a thread of the pool busy, which tests with real deadlines share: hence the yields.
@Suite struct SimulationTests {
  @Test func `no seed finds a call that is lost, doubled, late, or failing when all is well`() async {
    for seed in UInt64(1)...60 {
      await Task.yield()
      let violations = Simulation.run(seed: seed).violations
      #expect(violations.isEmpty, "seed \(seed)")
    }
  }

  @Test func `a seed repeats its run, and another seed is another run`() async {
    for seed in UInt64(1)...20 {
      await Task.yield()
      let first = Simulation.run(seed: seed)
      #expect(Simulation.run(seed: seed).digest == first.digest, "seed \(seed)")
      #expect(Simulation.run(seed: seed + 1).digest != first.digest, "seed \(seed)")
    }
  }
}
