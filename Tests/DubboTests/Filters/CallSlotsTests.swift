import DubboCore
import TestDoubles
import Testing

@testable import Dubbo

@Suite(.timeLimit(.minutes(1))) struct CallSlotsTests {
  private let clock = SystemClock()
  private var far: MonotonicInstant { clock.now.advanced(by: .seconds(600)) }

  @Test func `a place that is freed goes to who waits, and none is lost when waiters give up`() async throws {
    let slots = CallSlots()
    for _ in 0..<2 {
      let isTaken = try await slots.take(oneOf: 2, until: far, clock)
      #expect(isTaken)
    }
    // Half of those who wait give up at about the time at which places come free.
    for round in 0..<200 {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<4 {
          group.addTask {
            let patience: Duration = number % 2 == 0 ? .seconds(600) : .microseconds(round)
            if try await slots.take(oneOf: 2, until: clock.now.advanced(by: patience), clock) { slots.free() }
          }
        }
        slots.free()
        try await group.waitForAll()
      }
      let isTaken = try await slots.take(oneOf: 2, until: far, clock)
      #expect(isTaken)
    }
    let isFull = try await slots.take(oneOf: 2, until: clock.now, clock)
    #expect(!isFull)
    for _ in 0..<2 { slots.free() }
    for _ in 0..<2 {
      let isTaken = try await slots.take(oneOf: 2, until: clock.now, clock)
      #expect(isTaken)
    }
  }

  @Test func `who is cancelled waits no more and takes no place`() async throws {
    let slots = CallSlots()
    let first = try await slots.take(oneOf: 1, until: far, clock)
    #expect(first)
    await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<10 { group.addTask { [far] in try await slots.take(oneOf: 1, until: far, clock) } }
      group.cancelAll()
      while let result = await group.nextResult() {
        #expect(throws: CancellationError.self) { try result.get() }
      }
    }
    slots.free()
    let again = try await slots.take(oneOf: 1, until: clock.now, clock)
    #expect(again)
  }

  @Test func `places that are added go to who waits longest, places that are taken away are those of calls that end`()
    async throws
  {
    let slots = CallSlots()
    let first = try await slots.take(oneOf: 1, until: far, clock)
    #expect(first)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      let clock = VirtualClock()
      let far = clock.now.advanced(by: .seconds(600))
      for waiting in 1...2 {
        group.addTask { try await slots.take(oneOf: 1, until: far, clock) }
        await clock.sleepers(waiting)
      }
      // Four places: one is taken, two are for those who wait, and one is for who says so.
      let fourth = try await slots.take(oneOf: 4, until: self.clock.now, self.clock)
      #expect(fourth)
      for try await hasPlace in group { #expect(hasPlace) }
    }
    for _ in 0..<3 {
      let isTaken = try await slots.take(oneOf: 2, until: clock.now, clock)
      #expect(!isTaken)
      slots.free()
    }
    let isTaken = try await slots.take(oneOf: 2, until: clock.now, clock)
    #expect(isTaken)
  }
}
