import DubboSimulation
import Testing

@Suite struct SimulationTests {
  @Test func `no seed finds a call that is lost, doubled, late, or failing when all is well`() {
    for seed in UInt64(1)...60 {
      let violations = Simulation.run(seed: seed).violations
      #expect(violations.isEmpty, "seed \(seed)")
    }
  }

  @Test func `a seed repeats its run, and another seed is another run`() {
    for seed in UInt64(1)...20 {
      let first = Simulation.run(seed: seed)
      #expect(Simulation.run(seed: seed).digest == first.digest, "seed \(seed)")
      #expect(Simulation.run(seed: seed + 1).digest != first.digest, "seed \(seed)")
    }
  }
}
