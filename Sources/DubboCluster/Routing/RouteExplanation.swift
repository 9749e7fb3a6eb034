internal import DubboCore

/// What each router did with one call: what it kept, what it dropped, and why. For people; calls do not make it.
public struct RouteExplanation: Sendable, CustomStringConvertible {
  /// A provider that a router left out.
  public struct Dropped: Sendable, Hashable {
    public var address: String
    /// What the router has against it.
    public var reason: String
  }

  /// One router's work.
  public struct Step: Sendable {
    /// The router: `mesh`, `tag`, `condition`, `affinity`, or the name of one of the application's own.
    public var router: String
    /// The rule's text, where it has one.
    public var rule: String
    /// Why the router took part, or did not.
    public var reason: String
    /// Addresses.
    public var kept: [String]
    public var dropped: [Dropped]
  }

  /// The service and the method.
  public var call: String
  /// In the order in which the routers work.
  public var steps: [Step]
  /// The addresses that may take the call in the end.
  public var result: [String]

  public var description: String {
    let count = (steps.first?.kept.count ?? 0) + (steps.first?.dropped.count ?? 0)
    var lines = ["\(call), \(count) provider\(count == 1 ? "" : "s")"]
    for step in steps {
      let rule = step.rule.isEmpty ? "" : " \"\(step.rule)\""
      let counts = step.dropped.isEmpty ? "keeps all \(step.kept.count)" : "keeps \(step.kept.count)"
      lines.append("\(step.router)\(rule): \(step.reason); \(counts)")
      lines += step.kept.map { "  kept    \($0)" }
      lines += step.dropped.map { "  dropped \($0.address): \($0.reason)" }
    }
    lines.append(result.isEmpty ? "nobody is left" : "left: \(result.joined(separator: ", "))")
    return lines.joined(separator: "\n")
  }
}
