import DubboCore
import Testing

@Suite struct MonotonicInstantTests {
  @Test func `arithmetic saturates instead of trapping`() {
    let late = MonotonicInstant(nanoseconds: .max - 5)
    #expect(late.advanced(by: .seconds(Int64.max)) == .distantFuture)
    #expect(MonotonicInstant(nanoseconds: 3).advanced(by: .seconds(-1)).nanoseconds == 0)
    #expect(MonotonicInstant(nanoseconds: 0).duration(to: late) == .nanoseconds(Int64.max))
  }

  @Test func `the duration between two instants has a sign`() {
    let early = MonotonicInstant(nanoseconds: 1_000)
    let late = MonotonicInstant(nanoseconds: 4_000)
    #expect(early.duration(to: late) == .nanoseconds(3_000))
    #expect(late.duration(to: early) == .nanoseconds(-3_000))
    #expect(early.advanced(by: .nanoseconds(3_000)) == late)
  }
}
