import DubboCore
import DubboYAML
import Testing

@testable import DubboCluster

@Suite struct RoutingTests {
  /// Four providers: two in hangzhou (one tagged gray), two in beijing.
  private let providers = [
    FakeEndpoint(1, parameters: ["region": "hangzhou", "application": "shop"]),
    FakeEndpoint(2, parameters: ["region": "hangzhou", "application": "shop", "dubbo.tag": "gray"]),
    FakeEndpoint(3, parameters: ["region": "beijing", "application": "shop", "env": "test"]),
    FakeEndpoint(4, parameters: ["region": "beijing", "application": "shop"]),
  ]
  private let consumer = DubboURL(
    scheme: "consumer", host: "10.1.1.1", path: "org.example.Greeter",
    parameters: ["application": "caller", "region": "beijing"])

  private func rules(_ kind: String, _ text: String) throws -> RuleSet {
    var book = RuleBook()
    try book.file(text, under: kind)
    return book.ruleSet()
  }

  private func snapshot(_ rules: RuleSet, consumer: DubboURL? = nil) -> DirectorySnapshot {
    StaticDirectory(
      service: service, candidates: providers.map { Candidate($0) }, rules: rules, consumer: consumer ?? self.consumer,
      context: context()
    ).snapshot
  }

  /// The last numbers of the addresses that are left.
  private func left(_ snapshot: DirectorySnapshot, _ invocation: Invocation = .unary(), seed: UInt64 = 1) -> [Int] {
    let choice = context(seed: seed)
    let first = snapshot.route(invocation, choice).candidates.compactMap {
      Int($0.url.host.split(separator: ".").last ?? "")
    }
    return first
  }

  private func conditions(_ lines: [String], _ head: String = "") -> String {
    "configVersion: v3.0\nscope: service\nkey: org.example.Greeter\n\(head)\nconditions:\n"
      + lines.map { "  - '\($0)'\n" }.joined()
  }

  private func left(
    _ lines: [String], _ head: String = "", _ invocation: Invocation = .unary()
  ) throws -> [Int] {
    left(snapshot(try rules("x.condition-router", conditions(lines, head))), invocation)
  }

  @Test func `what is no routing rule is not taken for one in silence`() {
    for name in ["shop.configurators", "shop.yaml", ""] {
      #expect(throws: (any Error).self, "\(name)") {
        try RuleSet(reading: [name: "configs: [{ side: consumer, parameters: { timeout: 1 } }]"])
      }
    }
  }

  @Test func `a condition keeps those that fit`() throws {
    #expect(try left(["=> region=hangzhou"]) == [1])
    #expect(try left(["=> region=$region"]) == [3, 4])
    #expect(try left(["method=greet => region=beijing"]) == [3, 4])
    #expect(try left(["method=other => region=beijing"]) == [1, 3, 4])
  }

  @Test func `conditions work one after another`() throws {
    #expect(try left(["=> region=beijing", "=> env=test"]) == [3])
  }

  @Test func `case 42: what nobody fits is ignored without force and forbids with it`() throws {
    #expect(try left(["=> region=mars"]) == [1, 3, 4])
    #expect(try left(["=> region=mars"], "force: true") == [])
  }

  @Test func `nothing on the right forbids, with force or without`() throws {
    #expect(try left(["method=greet =>"]) == [])
    #expect(try left(["method=other =>"]) == [1, 3, 4])
  }

  @Test func `a disabled or invalid rule does nothing`() throws {
    #expect(try left(["=> region=beijing"], "enabled: false") == [1, 3, 4])
    #expect(try left(["=> region=beijing"], "valid: false") == [1, 3, 4])
  }

  @Test func `a rule of another service or application does nothing`() throws {
    let other = conditions(["=> region=beijing"]).replacing("org.example.Greeter", with: "org.example.Other")
    #expect(left(snapshot(try rules("x.condition-router", other))) == [1, 3, 4])
    let application = "scope: application\nkey: NAME\nconditions: ['=> region=beijing']"
    #expect(left(snapshot(try rules("x.condition-router", application.replacing("NAME", with: "caller")))) == [3, 4])
    #expect(left(snapshot(try rules("x.condition-router", application.replacing("NAME", with: "shop")))) == [3, 4])
    #expect(left(snapshot(try rules("x.condition-router", application.replacing("NAME", with: "else")))) == [1, 3, 4])
  }

  @Test(arguments: [
    "org.example.Greeter", "org.example.Greeter::", "org.example.Greeter:1.0:", "g/org.example.Greeter:1.0",
    "org.example.Greeter:0.0.0:g",
  ])
  func `a service's key may be written in each of Dubbo's forms`(key: String) throws {
    let head = RuleHead(version: .v30, scope: .service, key: key, isEnabled: true, isForced: false, priority: 0)
    #expect(head.isAbout(ServiceKey(interface: "org.example.Greeter", group: "g", version: "1.0")))
    #expect(!head.isAbout(ServiceKey(interface: "org.example.Greeter2", group: "g", version: "1.0")))
  }

  @Test func `the higher priority works first`() throws {
    var book = RuleBook()
    try book.file(conditions(["=> region=beijing"], "priority: 1\nforce: true"), under: "a.condition-router")
    try book.file(conditions(["=> region=hangzhou"], "priority: 5"), under: "b.condition-router")
    #expect(left(snapshot(book.ruleSet())) == [])
    try book.file(conditions(["=> region=hangzhou"], "priority: 0"), under: "b.condition-router")
    #expect(left(snapshot(book.ruleSet())) == [3, 4])
  }

  @Test func `tags work first, then rules of the service, of the provider's application, of the caller's, affinity`()
    throws
  {
    var book = RuleBook()
    func file(_ name: String, _ scope: String, _ key: String, _ mark: String) throws {
      try book.file(
        "scope: \(scope)\nkey: \(key)\npriority: 9\nconditions: ['=> mark!=\(mark)']", under: "\(name).condition-router"
      )
    }
    try file("caller", "application", "caller", "third")
    try file("shop", "application", "shop", "second")
    try book.file(
      "scope: service\nkey: org.example.Greeter\naffinityAware: { key: region }", under: "a.affinity-router")
    try file("service", "service", "org.example.Greeter", "first")
    let steps = snapshot(book.ruleSet()).explain(.unary(), context()).steps
    #expect(
      steps.map { "\($0.router) \($0.rule)" } == [
        "tag ", "condition => mark!=first", "condition => mark!=second", "condition => mark!=third", "affinity region",
      ])
  }

  @Test func `a condition that stands twice counts once, and one with force of its own keeps it`() throws {
    let twice = destinations.replacing("conditions:", with: "conditions:\n  - from: { match: 'method=stop' }")
    #expect(
      snapshot(try rules("x.condition-router", twice)).explain(.unary(), context()).steps.count == 3)
    let forced = """
      scope: service
      key: org.example.Greeter
      force: false
      conditions: [{ from: { match: 'method=greet' }, to: [{ match: 'region=mars' }], force: true }]
      """
    #expect(left(snapshot(try rules("x.condition-router", forced))) == [])
  }

  @Test(arguments: 0..<20) func `an explanation ends where routing does`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let whens = [
      "", "method=greet", "method=g*", "method!=greet", "attachments[user]=vip", "region=beijing", "missing=a",
    ]
    let thens = ["region=beijing", "region!=beijing", "region=$region", "env=test", "", "port=50051", "port=50052~"]
    for _ in 0..<100 {
      let lines = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
        "\(whens.randomElement(using: &generator) ?? "") => \(thens.randomElement(using: &generator) ?? "")"
      }
      let isForced = Bool.random(using: &generator)
      let snapshot = snapshot(try rules("x.condition-router", conditions(lines, "force: \(isForced)")))
      for call in [
        Invocation.unary(), .unary(metadata: ["user": "vip"]), .unary("other", metadata: ["dubbo.tag": "gray"]),
      ] {
        let routed = snapshot.route(call, context()).candidates.map(\.address)
        let explanation = snapshot.explain(call, context())
        #expect(explanation.result == routed, "\(lines)")
        for step in explanation.steps { #expect(step.kept.count + step.dropped.count <= 4) }
      }
    }
  }

  @Test func `attachments choose the route of each call`() throws {
    let text = conditions(["attachments[user]=vip => region=beijing", "attachments[user]!=vip => region=hangzhou"])
    let snapshot = snapshot(try rules("x.condition-router", text))
    #expect(left(snapshot, .unary(metadata: ["user": "vip"])) == [3, 4])
    #expect(left(snapshot, .unary(metadata: ["user": "other"])) == [1])
    #expect(left(snapshot) == [1, 3, 4])
    #expect(left(snapshot, .unary(metadata: ["user": "vip"])) == [3, 4])
  }

  private let destinations = """
    configVersion: v3.1
    scope: service
    key: org.example.Greeter
    conditions:
      - from: { match: 'method=greet' }
        to:
          - { match: 'region=hangzhou', weight: 30 }
          - { match: 'region=beijing', weight: 70 }
          - { match: 'region=mars', weight: 900 }
      - from: { match: 'method=stop' }
    """

  @Test func `destinations share calls by their weights, empty ones left out`() throws {
    let snapshot = snapshot(try rules("x.condition-router", destinations))
    let choice = context(seed: 5)
    var hangzhou = 0
    for _ in 0..<10_000 {
      let hosts = snapshot.route(.unary(), choice).candidates.map(\.url.host)
      #expect(hosts == ["10.0.0.1"] || hosts == ["10.0.0.3", "10.0.0.4"])
      if hosts.count == 1 { hangzhou += 1 }
    }
    #expect((2_800...3_200).contains(hangzhou))
  }

  @Test func `no destination stops calls, and other calls pass`() throws {
    let snapshot = snapshot(try rules("x.condition-router", destinations))
    #expect(left(snapshot, .unary("stop")) == [])
    #expect(left(snapshot, .unary("other")) == [1, 3, 4])
  }

  @Test func `destinations that nobody fits are ignored without force`() throws {
    let text = destinations.replacing("hangzhou", with: "venus").replacing("beijing", with: "venus")
    #expect(left(snapshot(try rules("x.condition-router", text))) == [1, 3, 4])
    #expect(left(snapshot(try rules("x.condition-router", "force: true\n" + text))) == [])
  }

  @Test func `affinity prefers the consumer's own region when enough share it`() throws {
    func text(_ ratio: Int) -> String {
      "scope: service\nkey: org.example.Greeter\naffinityAware: { key: region, ratio: \(ratio) }"
    }
    #expect(left(snapshot(try rules("x.affinity-router", text(50)))) == [3, 4])
    #expect(left(snapshot(try rules("x.affinity-router", text(80)))) == [1, 3, 4])
  }

  @Test func `a router of one's own is asked after the rules`() throws {
    struct OddOnly: Router {
      var name: String { "odd" }
      func route(_ candidates: [Candidate], for invocation: Invocation, consumer: DubboURL) -> [Candidate] {
        candidates.filter { $0.url.host.hasSuffix("1") || $0.url.host.hasSuffix("3") }
      }
    }
    var set = try rules("x.condition-router", conditions(["=> region=beijing"]))
    set.routers = [OddOnly()]
    #expect(left(snapshot(set)) == [3])
  }

  @Test func `an explanation says what each router kept and dropped`() throws {
    let snapshot = snapshot(
      try rules("x.condition-router", conditions(["method=greet => region=beijing", "method=x => env=test"])))
    let explanation = snapshot.explain(.unary(), context())
    #expect(explanation.result == ["10.0.0.3:50051", "10.0.0.4:50051"])
    #expect(explanation.steps.map(\.router) == ["tag", "condition", "condition"])
    #expect(explanation.steps[0].dropped == [.init(address: "10.0.0.2:50051", reason: "its tag is \"gray\"")])
    #expect(
      explanation.steps[1].dropped == [
        .init(address: "10.0.0.1:50051", reason: "region=beijing does not hold, its region is \"hangzhou\"")
      ])
    #expect(explanation.steps[2].reason == "the call is not meant: method=x does not hold, method is \"greet\"")
    #expect(explanation.description.contains("  dropped 10.0.0.1:50051: region=beijing does not hold"))
  }
}

@Suite struct TagRoutingTests {
  private func snapshot(_ rule: String?, consumer: URLParameters = [:]) throws -> DirectorySnapshot {
    var book = RuleBook()
    if let rule { try book.file("key: shop\n" + rule, under: "shop.tag-router") }
    let providers: [URLParameters] = [
      ["application": "shop"], ["application": "shop", "dubbo.tag": "gray"],
      ["application": "shop", "env": "blue"], ["application": "shop", "dubbo.tag": "red"],
    ]
    let candidates = providers.enumerated().map { Candidate(FakeEndpoint($0.offset + 1, parameters: $0.element)) }
    return StaticDirectory(
      service: service, candidates: candidates, rules: book.ruleSet(),
      consumer: DubboURL(scheme: "consumer", host: "10.1.1.1", parameters: consumer), context: context()
    ).snapshot
  }

  private func left(_ snapshot: DirectorySnapshot, _ metadata: Metadata = [:]) -> [Int] {
    snapshot.route(.unary(metadata: metadata), context()).candidates.compactMap {
      Int($0.url.host.split(separator: ".").last ?? "")
    }
  }

  @Test func `without a rule the providers' own tags count`() throws {
    let snapshot = try snapshot(nil)
    #expect(left(snapshot) == [1, 3])
    #expect(left(snapshot, ["dubbo.tag": "gray"]) == [2])
    #expect(left(snapshot, ["dubbo.tag": "none"]) == [1, 3])
    #expect(left(snapshot, ["dubbo.tag": "none", "dubbo.force.tag": "true"]) == [])
    #expect(left(try self.snapshot(nil, consumer: ["dubbo.tag": "red"])) == [4])
    #expect(left(try self.snapshot(nil, consumer: ["dubbo.tag": "red"]), ["dubbo.tag": "gray"]) == [2])
    #expect(left(try self.snapshot(nil, consumer: ["dubbo.tag": "x", "dubbo.force.tag": "true"])) == [])
  }

  private let addresses = """
    tags:
      - { name: gray, addresses: ["10.0.0.1:50051"] }
      - { name: gone, addresses: ["10.9.9.9:*"] }
    """

  @Test func `a rule's addresses take the place of the providers' own tags`() throws {
    let snapshot = try snapshot(addresses)
    #expect(left(snapshot, ["dubbo.tag": "gray"]) == [1])
    // A tag that the rule does not know is looked for in the providers.
    #expect(left(snapshot, ["dubbo.tag": "red"]) == [4])
    // Nobody has it: those without any tag.
    #expect(left(snapshot, ["dubbo.tag": "gone"]) == [3])
    #expect(left(snapshot, ["dubbo.tag": "gone", "dubbo.force.tag": "true"]) == [])
    #expect(left(snapshot) == [3])
  }

  @Test func `a rule with force keeps to its tag`() throws {
    let snapshot = try snapshot("force: true\n" + addresses)
    #expect(left(snapshot, ["dubbo.tag": "gone"]) == [])
    #expect(left(snapshot, ["dubbo.tag": "gray"]) == [1])
  }

  @Test func `when every provider is in a tag an untagged call finds nobody`() throws {
    #expect(left(try snapshot("tags: [{ name: all, addresses: ['10.0.0.*'] }]")) == [])
  }

  @Test(arguments: [
    "blue", "{ exact: blue }", "{ prefix: bl }", "{ regex: 'b.*' }", "{ noempty: '' }", "{ wildcard: blue }",
  ])
  func `a tag may be given by parameters`(value: String) throws {
    let snapshot = try snapshot("configVersion: v3.0\ntags: [{ name: b, match: [{ key: env, value: \(value) }] }]")
    #expect(left(snapshot, ["dubbo.tag": "b"]) == [3])
    #expect(left(snapshot) == [1])
  }

  @Test func `a tag may be given to those without a parameter, or to all`() throws {
    func tagged(_ value: String) throws -> [Int] {
      left(
        try snapshot("configVersion: v3.0\ntags: [{ name: b, match: [{ key: env, value: \(value) }] }]"),
        ["dubbo.tag": "b"])
    }
    #expect(try tagged("{ empty: '' }") == [1, 2, 4])
    #expect(try tagged("{ wildcard: '*' }") == [1, 2, 3, 4])
  }

  @Test func `Dubbo 2's rules have no match`() throws {
    let snapshot = try snapshot("configVersion: v2.7\ntags: [{ name: b, match: [{ key: env, value: blue }] }]")
    #expect(left(snapshot, ["dubbo.tag": "b"]) == [1, 3])
  }

  @Test func `of a tag with levels the longest known beginning counts`() throws {
    let snapshot = try snapshot(
      "tags: [{ name: a, addresses: ['10.0.0.1'] }, { name: 'a|b', addresses: ['10.0.0.3'] }]")
    #expect(left(snapshot, ["dubbo.tag": "a|b|c"]) == [3])
    #expect(left(snapshot, ["dubbo.tag": "a|x"]) == [1])
    #expect(left(snapshot, ["dubbo.tag": "a|b|c", "dubbo.force.tag": "true"]) == [])
  }

  @Test func `a disabled rule leaves the providers' own tags`() throws {
    #expect(left(try snapshot("enabled: false\n" + addresses), ["dubbo.tag": "gray"]) == [2])
  }
}
