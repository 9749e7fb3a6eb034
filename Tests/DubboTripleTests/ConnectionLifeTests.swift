import DubboCore
import Testing

@testable import DubboTriple

@Suite struct ConnectionLifeTests {
  private var random = SeededGenerator(seed: 1)
  private let now = MonotonicInstant(nanoseconds: 1_000_000_000)

  @Test mutating func `case 7: a connection that served nobody counts as a failed attempt`() {
    var life = ConnectionLife()
    for failures in 1...3 {
      let time = now.advanced(by: .seconds(1_000 * failures))
      #expect(life.callArrives(now: time) == .connect)
      life.connected()
      life.connectionLost(now: time, using: &random)
      #expect(life.callArrives(now: time) == .refuse)
    }
  }

  @Test mutating func `one that served a call is replaced at once`() {
    var life = ConnectionLife()
    #expect(life.callArrives(now: now) == .connect)
    life.connected()
    life.served()
    life.connectionLost(now: now, using: &random)
    #expect(life.state == .idle)
    #expect(life.callArrives(now: now) == .connect)
  }

  @Test mutating func `what the last connection served is no excuse for the next one`() {
    var life = ConnectionLife()
    #expect(life.callArrives(now: now) == .connect)
    life.connected()
    life.served()
    life.connectionLost(now: now, using: &random)
    #expect(life.callArrives(now: now) == .connect)
    life.connected()
    life.connectionLost(now: now, using: &random)
    #expect(life.callArrives(now: now) == .refuse)
  }
}
