import DubboCore
import DubboYAML
import Testing

@testable import DubboCluster

/// Mesh rules: subsets of an application's providers, and the ways of calls to them.
@Suite struct MeshRulesTests {
  /// The rules of Dubbo Java's own test: three subsets, a fallback, a way for everything else.
  private static let demo = """
    apiVersion: service.dubbo.apache.org/v1alpha1
    kind: DestinationRule
    metadata: { name: demo-route }
    spec:
      host: demo
      subsets:
        - labels: { env-sign: xxx, tag1: hello }
          name: isolation
        - labels: { env-sign: yyy }
          name: testing-trunk
        - labels: { env-sign: zzz }
          name: testing
      trafficPolicy:
        loadBalancer: { simple: ROUND_ROBIN }
    ---
    apiVersion: service.dubbo.apache.org/v1alpha1
    kind: VirtualService
    metadata: { name: demo-route }
    spec:
      dubbo:
        - routedetail:
            - match:
                - attachments:
                    dubboContext: {trafficLabel: {regex: xxx}}
              name: xxx-project
              route:
                - destination: {host: demo, subset: isolation}
            - match:
                - attachments:
                    dubboContext: {trafficLabel: {regex: testing-trunk}}
              name: testing-trunk
              route:
                - destination:
                    host: demo
                    subset: testing-trunk
                    fallback:
                      host: demo
                      subset: testing
            - name: testing
              route:
                - destination: {host: demo, subset: testing}
          services:
            - {regex: 'org\\.example\\..*'}
      hosts: [demo]
    """

  private func endpoint(_ number: Int, _ parameters: URLParameters, application: String = "demo") -> FakeEndpoint {
    var all: URLParameters = ["application": application]
    for parameter in parameters { all[parameter.name] = parameter.value }
    return FakeEndpoint(number, parameters: all)
  }

  private var providers: [FakeEndpoint] {
    [
      endpoint(1, ["env-sign": "xxx", "tag1": "hello"]), endpoint(2, ["env-sign": "yyy"]),
      endpoint(3, ["env-sign": "zzz"]), endpoint(4, ["env-sign": "xxx"]),
    ]
  }

  private func snapshot(
    _ endpoints: [FakeEndpoint], _ files: [(name: String, text: String)], consumer: URLParameters = [:]
  ) throws -> DirectorySnapshot {
    DirectorySnapshot(
      version: 1, roster: Roster(endpoints.map { Candidate($0) }, wallMilliseconds: 0),
      rules: try RuleSet(reading: files), service: service,
      consumer: DubboURL(scheme: "consumer", host: "10.0.9.9", path: service.interface, parameters: consumer),
      wallMilliseconds: 0)
  }

  private func routed(
    _ snapshot: DirectorySnapshot, _ invocation: Invocation = .unary(), seed: UInt64 = 1
  ) -> [String] {
    snapshot.route(invocation, context(seed: seed)).candidates.map { String($0.url.host.dropFirst("10.0.0.".count)) }
  }

  private func virtualService(_ details: String) -> String {
    """
    kind: DestinationRule
    spec:
      subsets: [{ name: a, labels: { zone: a } }, { name: b, labels: { zone: b } }, { name: c, labels: { zone: c } }]
    ---
    kind: VirtualService
    spec: { dubbo: [{ routedetail: [\(details)] }] }
    """
  }

  private func way(_ details: String, _ endpoints: [FakeEndpoint]? = nil) throws -> DirectorySnapshot {
    let zones = ["a", "b", "c"].enumerated().map { endpoint($0.offset + 1, ["zone": $0.element]) }
    return try snapshot(endpoints ?? zones, [("demo.MESHAPPRULE", virtualService(details))])
  }

  @Test func `the first way that means a call counts, and leads to its subset`() throws {
    let snapshot = try snapshot(providers, [("demo.MESHAPPRULE", Self.demo)])
    #expect(routed(snapshot, .unary(metadata: ["trafficLabel": "xxx"])) == ["1"])
    #expect(routed(snapshot, .unary(metadata: ["trafficlabel": "testing-trunk"])) == ["2"])
    #expect(routed(snapshot) == ["3"])
    #expect(routed(snapshot, .unary(metadata: ["trafficLabel": "xxxx"])) == ["3"])
  }

  @Test func `a subset without a provider gives way to its fallback, and all to everyone`() throws {
    let rest = [providers[2], providers[3]]
    let fallback = try snapshot(rest, [("demo.MESHAPPRULE", Self.demo)])
    #expect(routed(fallback, .unary(metadata: ["trafficLabel": "testing-trunk"])) == ["3"])
    #expect(routed(fallback, .unary(metadata: ["trafficLabel": "xxx"])) == ["3", "4"])
  }

  @Test func `a way that insists leaves nobody`() throws {
    let snapshot = try way("{ throwExceptionIfNotMatched: true, route: [{ destination: { subset: d } }] }")
    #expect(routed(snapshot) == [])
    let error = #expect(throws: DubboError.self) { try snapshot.routed(.unary(), service: service, context()) }
    #expect(error?.reason == .noProvider)
  }

  @Test func `rules about another service, another application or of another kind change nothing`() throws {
    let services = Self.demo.replacing("org\\.example", with: "org\\.other")
    #expect(routed(try snapshot(providers, [("demo.MESHAPPRULE", services)])).count == 4)
    #expect(routed(try snapshot(providers, [("shop.MESHAPPRULE", Self.demo)])).count == 4)
    #expect(routed(try snapshot(providers, [("demo.MESHAPPRULE", "---\n---\n")])).count == 4)
  }

  @Test func `destinations share the calls by weight, and those without a provider leave theirs to the next`() throws {
    let three =
      "{ route: [{ destination: { subset: a }, weight: 1 }, "
      + "{ destination: { subset: b }, weight: 2 }, { destination: { subset: c }, weight: 5 }] }"
    func shares(_ snapshot: DirectorySnapshot) -> [String: Double] {
      let choice = context(seed: 3)
      var counts: [String: Double] = [:]
      for _ in 0..<8_000 {
        for candidate in snapshot.route(.unary(), choice).candidates {
          counts[String(candidate.url.host.suffix(1)), default: 0] += 1 / 8_000
        }
      }
      return counts
    }
    let all = shares(try way(three))
    #expect(isClose([all["1"] ?? 0, all["2"] ?? 0, all["3"] ?? 0], [0.125, 0.25, 0.625]))
    let withoutB = shares(try way(three, [endpoint(1, ["zone": "a"]), endpoint(3, ["zone": "c"])]))
    #expect(isClose([withoutB["1"] ?? 0, withoutB["3"] ?? 0], [0.125, 0.875]))
    let withoutC = shares(try way(three, [endpoint(1, ["zone": "a"]), endpoint(2, ["zone": "b"])]))
    #expect(isClose([withoutC["1"] ?? 0, withoutC["2"] ?? 0], [0.75, 0.25]))
  }

  @Test func `the ways of several applications add up`() throws {
    let one = endpoint(1, ["zone": "a"], application: "one")
    let other = endpoint(2, ["zone": "b"], application: "other")
    let third = endpoint(3, ["zone": "a"], application: "third")
    func rule(_ subset: String) -> String { virtualService("{ route: [{ destination: { subset: \(subset) } }] }") }
    let both = try snapshot(
      [one, other, third], [("one.MESHAPPRULE", rule("a")), ("other.MESHAPPRULE", rule("b"))])
    #expect(routed(both) == ["1", "2"])
    let half = try snapshot([one, other, third], [("one.MESHAPPRULE", rule("a")), ("other.MESHAPPRULE", rule("c"))])
    #expect(routed(half) == ["1"])
  }

  @Test func `a match looks at method, arguments, attachments and the consumer's labels, and all must hold`() throws {
    let snapshot = try snapshot(
      ["a", "b", "c"].enumerated().map { endpoint($0.offset + 1, ["zone": $0.element]) },
      [
        (
          "demo.MESHAPPRULE",
          virtualService(
            """
            { match: [ { method: { name_match: { prefix: gr }, argc: 2,
                args: [ { index: 1, str_value: { oneof: [ { exact: x }, { empty: '' } ] } } ] },
                sourceLabels: { region: hangzhou }, headers: { user: { noempty: '' } } },
                { method: { args: [ { index: 0, bool_value: { exact: true } } ] } } ],
              route: [ { destination: { subset: a } } ] },
            { match: [ { method: { argc: 0 } } ], route: [ { destination: { subset: b } } ] },
            { route: [ { destination: { subset: c } } ] }
            """)
        )
      ], consumer: ["region": "hangzhou"])
    func call(_ method: String, _ arguments: [String]?, _ metadata: Metadata = ["user": "ann"]) -> [String] {
      var invocation = Invocation.unary(method, metadata: metadata)
      invocation.argumentTexts = arguments
      return routed(snapshot, invocation)
    }
    #expect(call("greet", ["true", "x"]) == ["1"])
    #expect(call("greet", ["true", ""]) == ["1"])
    #expect(call("greet", ["true", "y"]) == ["3"])
    #expect(call("greet", ["false", "x"]) == ["3"])
    #expect(call("greet", ["true", "x", "z"]) == ["3"])
    #expect(call("greet", ["true", "x"], [:]) == ["3"])
    #expect(call("meet", ["true", "x"]) == ["3"])
    #expect(call("meet", []) == ["2"])
    #expect(call("meet", nil) == ["3"])
  }

  @Test func `mesh rules come before tags and conditions, which see what they leave`() throws {
    let tagged = [
      endpoint(1, ["zone": "a", "dubbo.tag": "gray"]), endpoint(2, ["zone": "a"]), endpoint(3, ["zone": "b"]),
    ]
    let snapshot = try snapshot(
      tagged,
      [
        ("demo.MESHAPPRULE", virtualService("{ route: [{ destination: { subset: a } }] }")),
        ("x.condition-router", "key: org.example.Greeter\nconditions: ['=> host=10.0.0.3']"),
      ])
    #expect(routed(snapshot) == ["2"])
    #expect(routed(snapshot, .unary(metadata: ["dubbo.tag": "gray"])) == ["1"])
    let explanation = snapshot.explain(.unary(), context())
    #expect(explanation.steps.map(\.router) == ["mesh", "mesh", "tag", "condition"])
    #expect(explanation.steps[1].dropped.map(\.address) == ["10.0.0.3:50051"])
    #expect(explanation.result == ["10.0.0.2:50051"])
  }

  @Test func `explain says which way a call takes, which it does not, and what was drawn`() throws {
    let snapshot = try snapshot(providers, [("demo.MESHAPPRULE", Self.demo)])
    let text = snapshot.explain(.unary(metadata: ["trafficLabel": "testing-trunk"]), context()).description
    #expect(text.contains("mesh \"demo xxx-project\": the call is not meant: attachments[trafficLabel]=/xxx/"))
    #expect(text.contains("mesh \"demo testing-trunk\": the call takes this way, to 10.0.0.2:50051"))
    #expect(text.contains("dropped 10.0.0.1:50051: no way leads to it"))
    #expect(!text.contains("demo testing\""))
    let drawn = try way("{ route: [{ destination: { subset: a } }, { destination: { subset: b }, weight: 3 }] }")
    #expect(drawn.explain(.unary(), context()).description.contains("draws among destinations 1:3, this time number"))
    let nobody = try way("{ route: [{ destination: { subset: d } }] }")
    #expect(nobody.explain(.unary(), context()).description.contains("no way leads to a provider, so that all stay"))
  }

  @Test(arguments: [
    ("kind: Gateway\nspec: {}", "1:7"), ("spec: {}", "1:1"), ("kind: VirtualService", "1:1"),
    ("kind: VirtualService\nspec:\n  dubbo:\n    - services: [{ exact: a, prefix: b }]", "4:18"),
    ("---\nkind: DestinationRule\nspec: { subsets: [{ labels: { a: b } }] }", "3:19"),
    (
      "kind: VirtualService\nspec: { dubbo: [{ routedetail: [{ match: [{ method: { argp: [{ exact: int }] } }] }] }] }",
      "2:61"
    ),
    (
      "kind: VirtualService\nspec: { dubbo: [{ routedetail: [{ route: [{ destination: { host: demo } }] }] }] }", "2:58"
    ),
    (
      "kind: VirtualService\nspec: { dubbo: [{ routedetail: [{ match: [{ headers: { a: { regex: '(' } } }] }] }] }",
      "2:68"
    ),
  ])
  func `a rule that is wrong is refused with its line and column, and the one before it stays`(
    text: String, place: String
  ) throws {
    var book = RuleBook()
    try book.file(Self.demo, under: "demo.MESHAPPRULE")
    let refused = #expect(throws: RuleBook.Refused.self) { try book.file(text, under: "demo.MESHAPPRULE") }
    #expect(refused?.description.contains("demo.MESHAPPRULE:\(place): error") == true, "\(refused?.description ?? "")")
    #expect(book.ruleSet().meshes.first?.subsets.count == 3)
    try book.file(nil, under: "demo.MESHAPPRULE")
    #expect(book.ruleSet().meshes.isEmpty)
  }

  @Test func `a script rule gets one warning, sound or not, and is no rule`() throws {
    var book = RuleBook()
    for text in ["type: javascript\nscript: '(function route() {}())'", "{ [ nonsense"] {
      let remarks = try book.file(text, under: "shop.script-router")
      #expect(remarks.count == 1)
      #expect(remarks.first?.description.contains("script rules are not supported") == true)
    }
    #expect(try book.file("", under: "shop.script-router").isEmpty)
    #expect(!RuleBook.isRule("shop.script-router"))
    #expect(
      RuleBook.names(service: service, consumer: "caller", providers: ["shop"]).filter {
        $0.hasSuffix("script-router") || $0.hasSuffix("MESHAPPRULE")
      } == ["caller.script-router", "shop.script-router", "shop.MESHAPPRULE"])
  }
}
