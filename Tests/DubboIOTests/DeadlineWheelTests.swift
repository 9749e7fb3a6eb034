import DubboCore
import DubboIO
import Testing

@Suite struct DeadlineWheelTests {
  final class Recorder: DeadlineHandler {
    var reached: [DeadlineToken] = []
    var action: (DeadlineToken) -> Void = { _ in }
    func deadlineReached(_ token: DeadlineToken) {
      reached.append(token)
      action(token)
    }
  }

  static let start = MonotonicInstant(nanoseconds: 7_654_321_000_000)
  let wheel = DeadlineWheel(start: start)
  let recorder = Recorder()

  func after(_ duration: Duration) -> MonotonicInstant { Self.start.advanced(by: duration) }

  @Test func `a deadline is never reached before its instant and at most two milliseconds after it`() {
    var random = SplitMix64(state: 42)
    for _ in 0..<2_000 {
      let wheel = DeadlineWheel(start: Self.start)
      let delay = Int64(random.next() % 3_000_000_000_000 >> (random.next() % 40))
      let due = after(.nanoseconds(delay))
      _ = wheel.arm(recorder, at: due)
      recorder.reached = []
      wheel.advance(to: due.advanced(by: .nanoseconds(-1)))
      #expect(recorder.reached.isEmpty)
      wheel.advance(to: due.advanced(by: .milliseconds(2)))
      #expect(recorder.reached.count == 1)
      #expect(wheel.count == 0)
    }
  }

  @Test func `the alarm leads to every deadline without being early`() {
    var random = SplitMix64(state: 7)
    var expected: [(MonotonicInstant, DeadlineToken)] = []
    for _ in 0..<500 {
      let due = after(.nanoseconds(Int64(random.next() % 90_000_000_000)))
      expected.append((due, wheel.arm(recorder, at: due)))
    }
    var now = Self.start
    recorder.action = { token in
      guard let due = expected.first(where: { $0.1 == token })?.0 else {
        Issue.record("an unknown token")
        return
      }
      #expect(due <= now)
      #expect(due.duration(to: now) < .milliseconds(2))
    }
    while wheel.nextDue < .distantFuture {
      now = max(now, wheel.nextDue)
      wheel.advance(to: now)
    }
    #expect(Set(recorder.reached).count == 500)
  }

  @Test func `deadlines come in the order of their instants`() {
    let late = wheel.arm(recorder, at: after(.seconds(9)))
    let early = wheel.arm(recorder, at: after(.milliseconds(5)))
    let middle = wheel.arm(recorder, at: after(.milliseconds(700)))
    wheel.advance(to: after(.seconds(10)))
    #expect(recorder.reached == [early, middle, late])
  }

  @Test func `cancelling late, twice or never armed does no harm`() {
    let first = wheel.arm(recorder, at: after(.milliseconds(10)))
    wheel.cancel(first)
    wheel.cancel(first)
    wheel.cancel(.none)
    // The place of the first is taken again: its old token must not reach the new one.
    let second = wheel.arm(recorder, at: after(.milliseconds(10)))
    wheel.cancel(first)
    wheel.advance(to: after(.milliseconds(20)))
    #expect(recorder.reached == [second])
    wheel.cancel(second)
    #expect(wheel.count == 0)
    #expect(wheel.nextDue == .distantFuture)
  }

  @Test func `a handler may cancel its neighbours and arm anew`() {
    let tokens = (0..<10).map { _ in wheel.arm(recorder, at: after(.milliseconds(50))) }
    var isFirst = true
    // The action holds what holds it until it lets go.
    recorder.action = { [wheel, recorder] _ in
      guard isFirst else { return recorder.action = { _ in } }
      isFirst = false
      for token in tokens { wheel.cancel(token) }
      _ = wheel.arm(recorder, at: Self.start)
    }
    wheel.advance(to: after(.milliseconds(60)))
    // The new one's instant has passed, so it comes at the next tick, and not for ever in this call.
    wheel.advance(to: after(.milliseconds(70)))
    #expect(recorder.reached.count == 2)
    #expect(wheel.count == 0)
  }

  @Test func `the instant that never comes never comes`() {
    let token = wheel.arm(recorder, at: .distantFuture)
    wheel.advance(to: after(.seconds(400 * 24 * 3600)))
    #expect(recorder.reached.isEmpty)
    wheel.cancel(token)
    #expect(wheel.count == 0)
  }

  @Test func `a model with random arms, cancels and steps agrees`() {
    var random = SplitMix64(state: 2026)
    var model: [DeadlineToken: MonotonicInstant] = [:]
    var now = Self.start
    recorder.action = { token in
      guard let due = model.removeValue(forKey: token) else {
        Issue.record("reached twice or after a cancel")
        return
      }
      #expect(due <= now)
    }
    for _ in 0..<3_000 {
      switch random.next() % 4 {
      case 0, 1:
        let due = now.advanced(by: .nanoseconds(Int64(random.next() % (1 << (10 + random.next() % 32)))))
        model[wheel.arm(recorder, at: due)] = due
      case 2:
        if let token = model.keys.min(by: { $0.hashValue < $1.hashValue }) {
          wheel.cancel(token)
          model[token] = nil
        }
      default:
        now = now.advanced(by: .nanoseconds(Int64(random.next() % (1 << (10 + random.next() % 26)))))
        wheel.advance(to: now)
        #expect(model.values.allSatisfy { $0.advanced(by: .milliseconds(2)) > now })
      }
      #expect(wheel.count == model.count)
    }
  }
}

/// A seeded generator, so that a failure can be seen again.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
