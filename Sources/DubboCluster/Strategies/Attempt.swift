internal import DubboCore

extension ClusterContext {
  /// One attempt at a provider, counted and measured.
  func attempt(_ invocation: Invocation, at candidate: Candidate, among roster: Roster) async throws -> Reply {
    let clock = choice.clock
    let balance = balances[invocation.method.name]
    var prepared = invocation
    var serialization: String?
    if let translation = invocation.translation {
      (prepared, serialization) = try translation.translated(invocation, for: candidate.url)
    }
    balance.prepare(&prepared)
    if let token = candidate.token, prepared.metadata[TokenKey.name] == nil {
      prepared.metadata.add(token, for: TokenKey.name)
    }
    let start = clock.now
    candidate.numbers.begin()
    do {
      var reply = try await candidate.endpoint.invoke(prepared)
      if let serialization { reply.serialization = serialization }
      candidate.numbers.end(since: start, now: clock.now, .answered)
      balance.learn(from: reply, of: candidate, method: invocation.method.name, choice)
      return reply
    } catch {
      let failure = DubboError.wrapping(error)
      let now = clock.now
      candidate.numbers.end(since: start, now: now, failure.outcome)
      if !failure.metadata.isEmpty {
        balance.learn(
          from: Reply(trailers: failure.metadata), of: candidate, method: invocation.method.name, choice)
      }
      if failure.outcome == .failed, outliers.judge(candidate, among: roster, now: now) {
        log.warning(
          "a provider keeps failing and is left out for a while",
          ["address": candidate.address, "failures": candidate.numbers.consecutiveFailures])
      }
      throw failure
    }
  }
}

extension DubboError {
  /// What the failure says of the provider.
  var outcome: ProviderNumbers.Outcome {
    switch reason {
    case .cancellation: return .abandoned
    case .serialization, .configuration,
      .limit where progress != .refused:
      return .abandoned
    default: break
    }
    if code == .cancelled { return .abandoned }
    switch progress {
    case .answered:
      // An error of the provider's method is an answer; a provider that says it is not there is not, and the quick answer
      // of one that is busy does not make it a quick one.
      return code == .unavailable ? .failed : code == .resourceExhausted ? .abandoned : .answered
    case .notSent, .refused, .unknown:
      return .failed
    }
  }

  /// The error of a call that was tried several times: what the last attempt met, and where all of them went.
  func afterAttempts(at tried: [Candidate]) -> DubboError {
    guard tried.count > 1 else { return self }
    var error = self
    let places = tried.map(\.address).joined(separator: ", ")
    error.message = "\(message) (attempt \(tried.count) of \(tried.count); tried \(places))"
    return error
  }
}
