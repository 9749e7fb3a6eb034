internal import DubboCluster
internal import DubboCore
internal import Synchronization

/// `padasvc`, as Dubbo for Go calls it: takes as many calls of each method at a time as it has found the method to bear,
/// refuses the others, and tells callers how many more it would take. For the unary calls of consumers that ask for it,
/// which those with `cluster=adaptiveService` do.
final class AdaptiveLimitFilter: BracketFilter {
  /// What has been found out of each method; through every change of the service.
  private final class Limits: Sendable {
    let ofMethods = Mutex<[String: HillClimbingLimit]>([:])
  }

  /// When a call that is counted began.
  private enum Beginning: AttributeKey {
    typealias Value = MonotonicInstant
  }

  private let clock: any DubboClock
  private let limits: Limits

  init(_ context: FilterContext) {
    clock = context.clock
    limits = context.memory.kept { Limits() }
  }

  /// The latency of a stream says nothing of how busy its provider is.
  func concerns(_ method: MethodDescriptor) -> Bool { method.kind == .unary }

  func begin(_ invocation: inout Invocation) throws {
    guard concerns(invocation.method), AdaptiveService.isWanted(by: invocation.metadata) else { return }
    let name = invocation.method.name
    let now = clock.now
    let (isTaken, found) = limits.ofMethods.withLock { all in
      let isTaken = all[name, default: HillClimbingLimit()].begin(now: now)
      return (isTaken, all[name] ?? HillClimbingLimit())
    }
    guard isTaken else {
      report(found, to: invocation)
      // The consumer's cluster may try another provider at once.
      throw DubboError(
        .resourceExhausted, "\(invocation.method) bears \(found.limit) calls at a time, and runs \(found.inFlight)",
        progress: .refused, metadata: [RetryDecision.pushbackName: "0"])
    }
    invocation.attributes[Beginning.self] = now
  }

  func end(_ invocation: Invocation, _ error: (any Error)?) {
    guard let start = invocation.attributes[Beginning.self] else { return }
    let now = clock.now
    let found = limits.ofMethods.withLock { all in
      all[invocation.method.name]?.end(since: start, now: now)
      return all[invocation.method.name]
    }
    if let found { report(found, to: invocation) }
  }

  private func report(_ limit: HillClimbingLimit, to invocation: Invocation) {
    invocation.server?.responseTrailers[AdaptiveService.remaining] = String(limit.remaining)
    invocation.server?.responseTrailers[AdaptiveService.inFlight] = String(limit.inFlight)
  }
}
