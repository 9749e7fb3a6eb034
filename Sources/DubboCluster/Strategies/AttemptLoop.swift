internal import DubboCore

/// The attempts of one call, one after another, at one provider each.
struct AttemptLoop {
  let context: ClusterContext
  private(set) var decision: RetryDecision
  private(set) var tried: [Candidate] = []
  private let selection: Selection
  private var generator: SharedGenerator

  /// - Parameter retries: what the call itself says; nil for what its reference does.
  init(_ context: ClusterContext, _ invocation: Invocation, retries: Int? = nil) {
    let options = context.options(invocation.method.name)
    self.context = context
    decision = RetryDecision(
      retries: retries ?? options.retries, isIdempotent: invocation.isIdempotent || options.isIdempotent,
      deadline: invocation.deadline)
    selection = context.selection(for: invocation, options)
    generator = SharedGenerator(context.choice.random)
  }

  /// Runs `attempt` at one provider after another until one succeeds or trying again is pointless.
  ///
  /// - Parameter isCommitted: whether the caller has already seen something of an answer.
  mutating func run(
    _ invocation: Invocation, isCommitted: () -> Bool, _ attempt: (Candidate, Roster) async throws -> Reply
  ) async throws -> Reply {
    var failure: DubboError?
    while true {
      // Listed anew each time: what has become of the providers since counts.
      let roster: Roster
      do {
        roster = try await context.directory.list(invocation)
      } catch {
        throw failure?.afterAttempts(at: tried) ?? error
      }
      guard let candidate = selection.next(from: roster, for: invocation, tried: tried) else {
        throw DubboError.noProvider(of: context.directory.service, invocation.method, routedAwayFrom: roster.count)
      }
      tried.append(candidate)
      do {
        return try await attempt(candidate, roster)
      } catch {
        let error = DubboError.wrapping(error)
        failure = error
        guard try await shouldGoOn(invocation, after: error, isCommitted: isCommitted(), roster: roster) else {
          throw error.afterAttempts(at: tried)
        }
      }
    }
  }

  private mutating func shouldGoOn(
    _ invocation: Invocation, after error: DubboError, isCommitted: Bool, roster: Roster
  ) async throws -> Bool {
    let now = context.clock.now
    let hasUntried = roster.candidates.contains {
      selection.isUsable($0, for: invocation, now: now) && !tried.contains($0)
    }
    let step = decision.step(
      after: error, isCommitted: isCommitted, hasUntried: hasUntried, now: now, using: &generator)
    guard case .retry(let delay, let isCounted) = step else { return false }
    if Task.isCancelled { return false }
    if isCounted, !context.budget.withdraw(now: now) { return false }
    if delay > .zero {
      do { try await context.clock.sleep(for: delay) } catch { throw DubboError.wrapping(error) }
    }
    return true
  }
}
