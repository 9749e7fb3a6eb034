import DubboCore
import Testing

@testable import DubboRegistry

struct LeaseTableTests {
  private var table = LeaseTable(poll: .milliseconds(200))
  private let start = MonotonicInstant(nanoseconds: 1_000_000_000)

  private func sighting(
    _ name: String, _ port: UInt16, change: Int64, identity: UInt64 = 1, isNew: Bool = false,
    owner: LeaseTable.Owner = .unknown
  ) -> LeaseTable.Sighting {
    let file = LeaseFile(url: provider(port), host: nil, pid: 1, lease: .seconds(3))
    return LeaseTable.Sighting(
      name: name, stamp: .init(identity: identity, change: change), file: isNew ? file : nil, owner: owner)
  }

  private mutating func ports(_ sightings: [LeaseTable.Sighting], at milliseconds: Int) -> [UInt16?] {
    table.look(sightings, now: start.advanced(by: .milliseconds(milliseconds))).providers.map(\.port)
  }

  @Test mutating func `a lease lives as long as its file changes`() {
    #expect(ports([sighting("a", 1, change: 0, isNew: true)], at: 0) == [1])
    for step in 1...50 {
      #expect(ports([sighting("a", 1, change: Int64(step))], at: step * 400) == [1])
    }
  }

  @Test mutating func `a lease whose file stands still ends after its time, and comes back with the next change`() {
    _ = ports([sighting("a", 1, change: 7, isNew: true)], at: 0)
    for time in stride(from: 400, to: 3_000, by: 400) {
      #expect(ports([sighting("a", 1, change: 7)], at: time) == [1])
    }
    #expect(ports([sighting("a", 1, change: 7)], at: 3_000) == [])
    #expect(ports([sighting("a", 1, change: 8)], at: 3_200) == [1])
  }

  @Test mutating func `a file from the future and one from the past live equally long`() {
    let future = sighting("a", 1, change: .max, isNew: true)
    let past = sighting("b", 2, change: .min, isNew: true)
    #expect(ports([future, past], at: 0) == [1, 2])
    for time in stride(from: 400, to: 3_000, by: 400) {
      #expect(ports([sighting("a", 1, change: .max), sighting("b", 2, change: .min)], at: time) == [1, 2])
    }
    #expect(ports([sighting("a", 1, change: .max), sighting("b", 2, change: .min)], at: 3_000) == [])
  }

  @Test mutating func `case 49: a clock that was set back is a sign of life as any other`() {
    _ = ports([sighting("a", 1, change: 1_000, isNew: true)], at: 0)
    for step in 1...20 {
      #expect(ports([sighting("a", 1, change: 1_000 - Int64(step))], at: step * 400) == [1])
    }
  }

  @Test mutating func `the lease of a process that is gone ends at once and its file is removed`() {
    _ = ports([sighting("a", 1, change: 1, isNew: true, owner: .running)], at: 0)
    let judgement = table.look(
      [sighting("a", 1, change: 1, owner: .gone)], now: start.advanced(by: .milliseconds(200)))
    #expect(judgement == LeaseTable.Judgement(providers: [], leftovers: ["a"]))
  }

  @Test mutating func `a process that is there but silent gets three leases`() {
    _ = ports([sighting("a", 1, change: 1, isNew: true, owner: .running)], at: 0)
    for time in stride(from: 400, to: 9_000, by: 400) {
      #expect(ports([sighting("a", 1, change: 1, owner: .running)], at: time) == [1])
    }
    #expect(ports([sighting("a", 1, change: 1, owner: .running)], at: 9_000) == [])
  }

  @Test mutating func `a file that was silent for twenty leases is removed`() {
    _ = ports([sighting("a", 1, change: 1, isNew: true)], at: 0)
    var removed: [Int] = []
    for time in stride(from: 400, through: 60_400, by: 400) {
      let judgement = table.look([sighting("a", 1, change: 1)], now: start.advanced(by: .milliseconds(time)))
      if !judgement.leftovers.isEmpty { removed.append(time) }
    }
    #expect(removed == [60_400])
  }

  @Test mutating func `case 49: the standstill of this process ends nobody's lease`() {
    _ = ports([sighting("a", 1, change: 1, isNew: true)], at: 0)
    _ = ports([sighting("a", 1, change: 2)], at: 200)
    #expect(ports([sighting("a", 1, change: 2)], at: 600_000) == [1])
    #expect(ports([sighting("a", 1, change: 3)], at: 600_400) == [1])
  }

  @Test mutating func `a publication under the same name must be read, a heartbeat not`() {
    let stamp = LeaseTable.Stamp(identity: 1, change: 1)
    #expect(table.mustRead("a", stamp))
    _ = ports([sighting("a", 1, change: 1, isNew: true)], at: 0)
    #expect(!table.mustRead("a", .init(identity: 1, change: 2)))
    #expect(table.mustRead("a", .init(identity: 2, change: 2)))
    #expect(ports([sighting("a", 9, change: 1, identity: 2, isNew: true)], at: 200) == [9])
  }

  @Test mutating func `two leases of one URL are one provider`() {
    let twice = [sighting("a", 1, change: 1, isNew: true), sighting("b", 1, change: 1, isNew: true)]
    #expect(ports(twice, at: 0) == [1])
  }

  @Test mutating func `a file that vanished is forgotten`() {
    _ = ports([sighting("a", 1, change: 1, isNew: true)], at: 0)
    #expect(ports([], at: 200) == [])
    #expect(table.mustRead("a", .init(identity: 1, change: 1)))
  }
}
