import DubboCluster
import DubboCore

/// Route and choose, for one balancer over lists of several lengths.
enum Choices {
  /// - Parameter calls: how many to measure among so many providers.
  static func run(_ name: String, _ balance: any LoadBalance, calls: (Int) -> Int) async throws {
    let context = ChoiceContext()
    for count in [10, 100, 1_000, 10_000] {
      for onAttachments in [false, true] {
        let directory = StaticDirectory(
          service: Sample.service, candidates: Sample.providers(count).map { Candidate(IdleEndpoint(url: $0)) },
          rules: try Sample.rules(onAttachments: onAttachments), consumer: Sample.consumer, context: context)
        for (kind, invocation) in [("plain", Sample.plain), ("with attachments", Sample.attached)] {
          let cost = try await CPU.perCall(calls(count)) {
            let roster = try await directory.list(invocation)
            CPU.keep(balance.select(from: roster, for: invocation, context))
          }
          let rules = onAttachments ? "20 rules on attachments" : "20 rules on methods"
          print("route + \(name), \(count) providers, \(rules), call \(kind): \(cost) ns")
        }
      }
    }
  }
}
