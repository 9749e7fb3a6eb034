import DubboCluster
import DubboCore
import FuzzSupport

/// Whatever else a registry lists, the good providers in its list are in use after it, and every balancer finds one.
///
/// Each line of the input is an entry, as text or in the percent-encoded form of registries; good ones are put before,
/// among and behind them. The same list comes a second time without its first half, as when providers go.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzProviderList(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let hostile = input(start, count).split(separator: UInt8(ascii: "\n")).compactMap { line -> DubboURL? in
    let text = String(decoding: line, as: UTF8.self)
    return (try? DubboURL(text)) ?? (try? DubboURL(registryText: text))
  }
  let filter = ProviderFilter(service: Good.service, consumer: Good.consumer, protocols: ["tri"])
  var union = ProviderUnion(filter: filter, sources: 1, protection: nil)
  let directory = ServiceDirectory(service: Good.service, consumer: Good.consumer, context: Good.context) { url in
    // As a protocol does with what it cannot connect to.
    guard let port = url.port, port > 0, !url.host.isEmpty else { throw DubboError(.invalidArgument, "no address") }
    return IdleEndpoint(url: filter.merged(url))
  }
  var list = hostile
  list.insert(Good.urls[0], at: 0)
  list.insert(Good.urls[1], at: list.count / 2)
  list.append(Good.urls[2])
  for (version, providers) in [list, Array(list[(list.count / 2)...]) + Good.urls].enumerated() {
    let snapshot = RegistrySnapshot(version: UInt64(version), providers: providers)
    let rejections = union.apply(snapshot, from: 0, now: Good.context.clock.now)
    require(
      union.providers.count + rejections.otherService + rejections.otherProtocol + rejections.disabled
        + rejections.overLimit == providers.count, "providers are neither in use nor counted as left out")
    let change = directory.update(union.providers)
    check(directory.snapshot, change)
  }
  require(!directory.close().isEmpty, "nothing to close")
  return 0
}

private func check(_ snapshot: DirectorySnapshot, _ change: ServiceDirectory.Change) {
  let roster = snapshot.route(Good.invocation, Good.context)
  for url in Good.urls {
    let place = snapshot.roster.candidates.firstIndex { $0.address == url.address && $0.url.scheme == url.scheme }
    guard let place else { return require(false, "\(url) is lost") }
    // Another entry of its address may have taken its place, and be for calls with a tag.
    let candidate = snapshot.roster.candidates[place]
    require(candidate.url != url || roster.candidates.contains { $0 === candidate }, "\(url) is routed away")
    require(!change.retired.contains { $0.url.address == url.address }, "\(url.address) is retired")
    require(!change.refused.contains { $0.url == url }, "\(url.address) is refused")
  }
  require(change.added + change.kept == snapshot.roster.count, "providers are neither new nor known")
  require(
    Set(snapshot.roster.candidates.map { "\($0.url.scheme) \($0.address)" }).count == snapshot.roster.count, "one twice"
  )
  for balance in Good.balances {
    require(balance.select(from: roster, for: Good.invocation, Good.context) != nil, "\(balance) finds nobody")
  }
}

private enum Good {
  static let service = ServiceKey(interface: "org.example.Greeter", group: "blue", version: "1.0.0")
  static let consumer = DubboURL(
    scheme: "consumer", host: "10.1.1.1", path: service.interface,
    parameters: ["interface": service.interface, "group": "blue", "version": "1.0.0", "timeout": "500"])
  static let context = ChoiceContext(random: RandomSource(seed: 1))
  static let invocation = Invocation(
    method: MethodDescriptor(service: service.interface, name: "greet", kind: .unary), body: .message([1]))

  static let urls = (1...3).map { number in
    DubboURL(
      scheme: "tri", host: "10.0.0.\(number)", port: 20_880, path: service.interface,
      parameters: [
        "interface": service.interface, "group": "blue", "version": "1.0.0", "application": "shop",
        "weight": "\(number * 100)",
      ])
  }

  // With a small ring, which would be most of the work else.
  static let balances: [any LoadBalance] = [
    PowerOfTwoChoices(), RandomLoadBalance(), RoundRobin(), LeastActive(), ShortestResponse(),
    ConsistentHash(DubboURL(scheme: "consumer", host: "", parameters: ["hash.nodes": "4"])),
  ]
}

private struct IdleEndpoint: Endpoint {
  let url: DubboURL
  var availability: Availability { .ready }
  func invoke(_ invocation: Invocation) async throws -> Reply { Reply() }
  func close() async {}
}
