import DubboCluster
import DubboCore
import Testing

@Suite struct RetryDecisionTests {
  private let start = MonotonicInstant(nanoseconds: 0)

  private func step(
    _ error: DubboError, retries: Int = 2, idempotent: Bool = false, committed: Bool = false, untried: Bool = true,
    deadline: MonotonicInstant? = nil
  ) -> RetryDecision.Step {
    var generator = SeededGenerator(seed: 1)
    var decision = RetryDecision(retries: retries, isIdempotent: idempotent, deadline: deadline)
    return decision.step(after: error, isCommitted: committed, hasUntried: untried, now: start, using: &generator)
  }

  private func error(
    _ progress: DubboError.Progress, _ code: StatusCode = .unavailable, _ reason: DubboError.Reason = .connection,
    metadata: Metadata = [:]
  ) -> DubboError {
    DubboError(code, "x", reason: reason, progress: progress, metadata: metadata)
  }

  @Test func `case 27: what was not sent goes to the next provider at once`() {
    #expect(step(error(.notSent)) == .retry(after: .zero, isCounted: false))
    #expect(step(error(.notSent), retries: 0) == .retry(after: .zero, isCounted: false))
  }

  @Test func `what was not sent waits when every provider has been tried`() {
    #expect(step(error(.notSent), retries: 0, untried: false) == .giveUp)
    guard case .retry(let delay, false) = step(error(.notSent), untried: false) else {
      Issue.record("a retry was expected")
      return
    }
    #expect(delay >= .milliseconds(16) && delay <= .milliseconds(24))
  }

  @Test func `case 4: a refusal is retried once for free and then by the rules`() {
    var generator = SeededGenerator(seed: 1)
    var decision = RetryDecision(retries: 1, isIdempotent: false, deadline: nil)
    func next() -> RetryDecision.Step {
      decision.step(after: error(.refused), isCommitted: false, hasUntried: true, now: start, using: &generator)
    }
    #expect(next() == .retry(after: .zero, isCounted: false))
    guard case .retry(_, true) = next() else {
      Issue.record("a counted retry was expected")
      return
    }
    #expect(next() == .giveUp)
  }

  @Test func `what may have been worked on is repeated only when idempotent`() {
    #expect(step(error(.unknown)) == .giveUp)
    #expect(step(error(.unknown), idempotent: true) != .giveUp)
    #expect(step(error(.unknown), retries: 0, idempotent: true) == .giveUp)
  }

  @Test(arguments: [StatusCode.unknown, .notFound, .internal, .invalidArgument, .business, .deadlineExceeded, .aborted])
  func `case 28: an answer of the provider's method is never retried`(code: StatusCode) {
    #expect(step(error(.answered, code, .status), idempotent: true) == .giveUp)
  }

  @Test func `UNAVAILABLE as an answer is retried when idempotent`() {
    #expect(step(error(.answered, .unavailable, .status), idempotent: true) != .giveUp)
    #expect(step(error(.answered, .unavailable, .status)) == .giveUp)
  }

  @Test(arguments: [DubboError.Reason.cancellation, .deadline, .serialization, .configuration, .limit])
  func `a fault of the call itself is not retried`(reason: DubboError.Reason) {
    #expect(step(error(.notSent, .unavailable, reason), idempotent: true) == .giveUp)
  }

  @Test func `case 3: a committed call stays where it is`() {
    #expect(step(error(.notSent), idempotent: true, committed: true) == .giveUp)
  }

  @Test func `case 25: push-back is obeyed`() {
    let later = error(.answered, .resourceExhausted, .status, metadata: [RetryDecision.pushbackName: "250"])
    #expect(step(later, idempotent: true) == .retry(after: .milliseconds(250), isCounted: true))
    for text in ["-1", "soon", ""] {
      let never = error(.answered, .unavailable, .status, metadata: [RetryDecision.pushbackName: text])
      #expect(step(never, idempotent: true) == .giveUp)
    }
  }

  @Test func `no attempt begins at or past the deadline`() {
    #expect(step(error(.notSent), deadline: start) == .giveUp)
    #expect(step(error(.unknown), idempotent: true, deadline: start.advanced(by: .milliseconds(10))) == .giveUp)
    #expect(step(error(.unknown), idempotent: true, deadline: start.advanced(by: .milliseconds(100))) != .giveUp)
  }

  @Test func `providers that are all down end the search`() {
    var generator = SeededGenerator(seed: 1)
    var decision = RetryDecision(retries: 2, isIdempotent: true, deadline: nil)
    var steps = 0
    while decision.step(
      after: error(.notSent), isCommitted: false, hasUntried: true, now: start, using: &generator) != .giveUp
    {
      steps += 1
      #expect(steps < 1_000)
    }
    #expect(steps == 66)
  }
}

@Suite struct RetryBudgetTests {
  private func instant(_ seconds: Double) -> MonotonicInstant {
    .init(nanoseconds: UInt64(seconds * 1e9))
  }

  @Test func `case 24: with nothing but failures the load grows by a fifth and ten a second`() {
    var budget = RetryBudget()
    var retries = 0
    let seconds = 20
    for call in 0..<(1_000 * seconds) {
      let now = instant(Double(call) / 1_000)
      budget.deposit(now: now)
      for _ in 0..<2 where budget.withdraw(now: now) { retries += 1 }
    }
    #expect(retries <= 200 * seconds + 10 * seconds + 10)
    #expect(retries > 190 * seconds)
  }

  @Test func `a quiet client may retry a little`() {
    var budget = RetryBudget()
    let allowed = (0..<100).count { _ in budget.withdraw(now: instant(1)) }
    let later = (0..<100).count { _ in budget.withdraw(now: instant(1.5)) }
    #expect(allowed == 10)
    #expect(later == 5)
  }

  @Test func `what calls have earned does not last for ever`() {
    var budget = RetryBudget(perSecond: 1)
    for call in 0..<10_000 { budget.deposit(now: instant(Double(call) / 10_000)) }
    let now = instant(10_000)
    let allowed = (0..<10_000).count { _ in budget.withdraw(now: now) }
    #expect(allowed < 20)
  }

  @Test func `a clock that stands or turns back does no harm`() {
    var budget = RetryBudget()
    budget.deposit(now: instant(5))
    budget.deposit(now: instant(1))
    let withdrawals = [budget.withdraw(now: .distantFuture), budget.withdraw(now: instant(0))]
    #expect(withdrawals == [true, true])
  }
}
