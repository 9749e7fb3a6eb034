import DubboCluster
import DubboCore

/// What a change of providers and rules costs, and a whole call through failover.
enum Updates {
  static func run() async throws {
    let context = ChoiceContext()
    let directory = ServiceDirectory(service: Sample.service, consumer: Sample.consumer, context: context) {
      IdleEndpoint(url: $0)
    }
    let many = Sample.providers(10_000)
    // On the thread that applies the change, which is no event loop.
    await report("10,000 providers applied") { _ = directory.update(many) }
    await report("one of 10,000 gone") { _ = directory.update(Array(many.dropFirst())) }
    let rules = try Sample.rules(onAttachments: true)
    await report("20 rules compiled for 10,000") { directory.update(rules: rules) }
    await report("one of 10,000 back, with 20 rules") { _ = directory.update(many) }
    // On the caller's event loop, once for each method and each outcome of its rules.
    try await report("first call among 10,000 after that") { _ = try await directory.list(Sample.plain) }
    try await report("first call with attachments") { _ = try await directory.list(Sample.attached) }
    let hash = ConsistentHash(Sample.consumer)
    await report("rings of consistenthash for 10,000") { directory.prepare(for: BalanceTable(hash)) }
    let roster = try await directory.list(Sample.plain)
    await report("first call by consistenthash") { CPU.keep(hash.select(from: roster, for: Sample.plain, context)) }

    _ = directory.update(Array(many.prefix(100)))
    let cluster = FailoverCluster(
      ClusterContext(
        directory: directory, url: Sample.consumer, balances: BalanceTable(PowerOfTwoChoices()), choice: context))
    let cost = try await CPU.perCall(300_000) { _ = try await cluster.invoke(Sample.plain) }
    print("failover, p2c, 100 providers, 20 rules, one call in all: \(cost) ns")
  }

  private static func report(_ name: String, _ body: () async throws -> Void) async rethrows {
    let start = CPU.nanoseconds
    try await body()
    print("\(name): \((CPU.nanoseconds - start) / 1_000) us")
  }
}
