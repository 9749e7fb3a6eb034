public import DubboCore
internal import Synchronization

/// `adaptive`, as Java has it: of two providers drawn at random the one with the smaller load, which is the CPU load
/// that it last reported over the share of its calls that succeeded. One that has not been heard of for twice the
/// timeout is tried at once; between equals the weights decide.
///
/// Providers of Dubbo Java and of this framework report when asked with the attachment `lb_adaptive`; those that do not
/// count as idle. `p2c` needs no report.
public final class Adaptive: LoadBalance {
  private struct Report {
    var load: Double
    var at: MonotonicInstant
  }

  private let patience: Duration
  private let reports = Mutex<[String: Report]>([:])
  private static let limit = 100_000

  /// - Parameter consumer: its timeout.
  public init(_ consumer: DubboURL) {
    patience = consumer.timeout + consumer.timeout
  }

  public func select(from roster: Roster, for invocation: Invocation, _ context: ChoiceContext) -> Candidate? {
    let candidates = roster.candidates
    guard candidates.count > 1 else { return candidates.first }
    let first = context.random.next(below: candidates.count)
    let skipped = context.random.next(below: candidates.count - 1)
    let pair = (candidates[first], candidates[skipped < first ? skipped : skipped + 1])
    let method = invocation.method.name
    let wall = context.clock.wallMilliseconds
    let weights = (
      pair.0.weight(method: method, wallMilliseconds: wall), pair.1.weight(method: method, wallMilliseconds: wall)
    )
    let now = context.clock.now
    let loads = (load(pair.0, weights.0, now), load(pair.1, weights.1, now))
    if loads.0 != loads.1 { return loads.0 < loads.1 ? pair.0 : pair.1 }
    let total = weights.0 + weights.1
    return (total == 0 ? context.random.next(below: 2) == 0 : context.random.next(below: total) < weights.0)
      ? pair.0 : pair.1
  }

  public func prepare(_ invocation: inout Invocation) {
    if invocation.metadata[LoadReport.name] == nil {
      invocation.metadata.add(LoadReport.question, for: LoadReport.name)
    }
  }

  public func learn(from reply: Reply, of candidate: Candidate, method: String, _ context: ChoiceContext) {
    guard let text = reply.trailers[LoadReport.name] ?? reply.headers[LoadReport.name],
      let load = LoadReport.load(in: text)
    else { return }
    reports.withLock { reports in
      if reports.count >= Self.limit { reports.removeAll() }
      reports[candidate.address] = Report(load: load, at: context.clock.now)
    }
  }

  private func load(_ candidate: Candidate, _ weight: Int, _ now: MonotonicInstant) -> Double {
    guard let report = reports.withLock({ $0[candidate.address] }),
      report.at.advanced(by: patience) >= now
    else { return 0 }
    let numbers = candidate.numbers
    let requests = Double(numbers.finishedCalls + numbers.inFlight)
    return report.load / (Double(numbers.answeredCalls) / (requests + 1) * Double(weight) + 1)
  }
}
