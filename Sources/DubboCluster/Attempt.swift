internal import DubboCore

extension Candidate {
  /// One attempt at this provider, counted and measured.
  func attempt(_ invocation: Invocation, _ clock: any DubboClock) async throws -> Reply {
    let start = clock.now
    numbers.begin()
    do {
      let reply = try await endpoint.invoke(invocation)
      numbers.end(since: start, now: clock.now, .answered)
      return reply
    } catch {
      let failure = DubboError.wrapping(error)
      numbers.end(since: start, now: clock.now, failure.outcome)
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
      // An error of the provider's method is an answer; a provider that says it is not there is not.
      return code == .unavailable ? .failed : .answered
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
