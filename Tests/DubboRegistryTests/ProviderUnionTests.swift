import DubboCore
import Testing

@testable import DubboRegistry

struct ProviderUnionTests {
  private let start = MonotonicInstant(nanoseconds: 1_000_000_000)

  private func union(
    sources: Int = 1, protection: Duration? = .seconds(30), consumer: URLParameters = [:], service: ServiceKey = greeter
  ) -> ProviderUnion {
    let url = DubboURL(scheme: "consumer", host: "127.0.0.1", path: service.interface, parameters: consumer)
    return ProviderUnion(
      filter: ProviderFilter(service: service, consumer: url, protocols: ["tri"]), sources: sources,
      protection: protection)
  }

  private func snapshot(_ providers: [DubboURL], trouble: String? = nil) -> RegistrySnapshot {
    RegistrySnapshot(version: 1, providers: providers, trouble: trouble)
  }

  private func at(_ seconds: Int) -> MonotonicInstant { start.advanced(by: .seconds(seconds)) }

  @Test func `several registries are merged, and one address is one provider`() {
    var union = union(sources: 2)
    _ = union.apply(snapshot([provider(1), provider(2)]), from: 0, now: at(0))
    #expect(!union.isKnown)
    _ = union.apply(snapshot([provider(2), provider(3)]), from: 1, now: at(0))
    #expect(union.isKnown)
    #expect(union.providers.map(\.port) == [1, 2, 3])
  }

  @Test func `case 35: an emptied list is kept until it has been empty for the whole delay`() {
    var union = union()
    _ = union.apply(snapshot([provider(1)]), from: 0, now: at(0))
    _ = union.apply(snapshot([]), from: 0, now: at(10))
    #expect(union.providers.map(\.port) == [1])
    #expect(union.isProtected)
    #expect(union.nextBelief == at(40))
    let early = union.believe(now: at(39))
    #expect(!early)
    let late = union.believe(now: at(40))
    #expect(late)
    #expect(union.providers.isEmpty)
    #expect(union.nextBelief == nil)
  }

  @Test func `empty lists in a row do not put the belief off`() {
    var union = union()
    _ = union.apply(snapshot([provider(1)]), from: 0, now: at(0))
    for second in 10..<40 { _ = union.apply(snapshot([]), from: 0, now: at(second)) }
    #expect(union.nextBelief == at(40))
  }

  @Test func `a list that fills again ends the doubt`() {
    var union = union()
    _ = union.apply(snapshot([provider(1)]), from: 0, now: at(0))
    _ = union.apply(snapshot([]), from: 0, now: at(10))
    _ = union.apply(snapshot([provider(2)]), from: 0, now: at(20))
    #expect(union.providers.map(\.port) == [2])
    let changed = union.believe(now: at(100))
    #expect(!changed)
    #expect(union.providers.map(\.port) == [2])
  }

  @Test func `without protection an empty list counts at once`() {
    var union = union(protection: nil)
    _ = union.apply(snapshot([provider(1)]), from: 0, now: at(0))
    _ = union.apply(snapshot([]), from: 0, now: at(1))
    #expect(union.providers.isEmpty)
  }

  @Test func `case 36: half of a list may vanish at once`() {
    var union = union()
    _ = union.apply(snapshot([provider(1), provider(2)]), from: 0, now: at(0))
    _ = union.apply(snapshot([provider(2)]), from: 0, now: at(1))
    #expect(union.providers.map(\.port) == [2])
  }

  @Test func `case 41: one registry that lies or is down leaves the other's providers`() {
    var union = union(sources: 2)
    _ = union.apply(snapshot([provider(1)]), from: 0, now: at(0))
    _ = union.apply(snapshot([], trouble: "no route to host"), from: 1, now: at(0))
    #expect(union.providers.map(\.port) == [1])
    #expect(union.troubles == ["no route to host"])
    #expect(!union.isKnown)
  }

  @Test func `case 32: a registry in trouble keeps the list it had`() {
    var union = union()
    _ = union.apply(snapshot([provider(1)]), from: 0, now: at(0))
    _ = union.apply(snapshot([], trouble: "gone"), from: 0, now: at(1))
    #expect(union.providers.map(\.port) == [1])
    #expect(union.nextBelief == nil)
  }

  @Test func `only callable providers of the service are used`() {
    var union = union()
    var other = provider(5)
    other.scheme = "dubbo"
    let rejections = union.apply(
      snapshot([
        provider(1), provider(2, "org.example.Echo"), provider(3, greeter.interface, ["version": "2.0.0"]),
        provider(4, greeter.interface, ["disabled": "true"]), other,
        provider(6, greeter.interface, ["enabled": "false"]), provider(7, greeter.interface, ["category": "routers"]),
      ]), from: 0, now: at(0))
    #expect(union.providers.map(\.port) == [1])
    let others: Set = ["org.example.Echo", "org.example.Greeter:2.0.0"]
    #expect(
      rejections
        == .init(otherService: 3, services: others, schemes: ["dubbo"], otherProtocol: 1, disabled: 2, overLimit: 0))
  }

  @Test func `group and version are matched as Dubbo does`() {
    let wanted = ServiceKey(interface: greeter.interface, group: "*", version: "1.0.0,2.0.0")
    var union = union(service: wanted)
    let providers = ["1.0.0", "2.0.0", "3.0.0"].enumerated().map { index, version in
      provider(UInt16(index + 1), greeter.interface, ["version": version, "group": "g\(index)"])
    }
    _ = union.apply(snapshot(providers), from: 0, now: at(0))
    #expect(union.providers.map(\.port) == [1, 2])
  }

  @Test func `the consumer decides how calls are made, the provider what it is`() {
    let consumer = DubboURL(
      scheme: "consumer", host: "127.0.0.1", path: greeter.interface,
      parameters: ["timeout": "500", "greet.retries": "0", "weight": "1", "application": "caller"])
    let filter = ProviderFilter(service: greeter, consumer: consumer, protocols: ["tri"])
    let merged = filter.merged(
      provider(1, greeter.interface, ["timeout": "9000", "weight": "50", "application": "callee"]))
    #expect(merged.timeout == .milliseconds(500))
    #expect(merged[RetriesKey.self, method: "greet"] == 0)
    #expect(merged.weight == 50)
    #expect(merged.application == "callee")
  }

  @Test func `more than ten thousand providers are cut off and counted`() {
    var union = union()
    let many = (0..<10_500).map { provider(UInt16($0 + 1)) }
    let rejections = union.apply(snapshot(many), from: 0, now: at(0))
    #expect(union.providers.count == 10_000)
    #expect(rejections.overLimit == 500)
  }
}
