import DubboCluster
import DubboCore
import DubboYAML
import Testing

@Suite struct RuleBookTests {
  private func refusal(_ text: String, _ name: String = "shop.condition-router") -> String {
    var book = RuleBook()
    do {
      try book.file(text, under: name)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func `a mistake in a condition is shown with line, column and a caret under it`() {
    let text =
      "scope: service\nkey: a.B\nconditions:\n  - 'method=greet => region=hangzhou'\n  - 'method=greet => host'\n"
    let message = refusal(text)
    #expect(message.contains("shop.condition-router:5:22: error:"), "\(message)")
    #expect(message.contains("a pair has the form key=value"))
    #expect(message.split(separator: "\n").last?.trimmingCharacters == "^", "\(message)")
  }

  @Test(arguments: [
    ("conditions: []", "needs conditions"), ("conditions: ['a=1 => b=1']\npriority: x", "priority"),
    ("scope: planet\nconditions: ['a=1 => b=1']", "service, application"), ("conditions: [\n", "error"),
    ("- 1", "mapping"),
  ])
  func `other mistakes are said too`(text: String, part: String) {
    #expect(refusal(text).contains(part), "\(refusal(text))")
  }

  @Test(arguments: ["v3.2", "v3.10", "V4.0", "4"])
  func `case 42: a rule of a later version is refused with its line, and the one before it stays`(version: String)
    throws
  {
    for (name, good) in [
      ("a.condition-router", "conditions: ['=> region=beijing']"), ("a.tag-router", "tags: [{ name: a }]"),
      ("a.affinity-router", "affinityAware: { key: region }"),
      ("a.configurators", "configs: [{ side: consumer, parameters: { weight: 50 } }]"),
    ] {
      var book = RuleBook()
      for known in ["v3.1", "V3.1", "v3.1.4", "3.0", "v3", "v2.7.1", "v1.0", "''", "~"] {
        #expect(throws: Never.self, "\(known)") { try book.file("configVersion: \(known)\n\(good)", under: name) }
      }
      let rules = book.ruleSet()
      let overrides = book.overrides
      let error = #expect(throws: RuleBook.Refused.self) {
        try book.file("key: a\nconfigVersion: \(version)\n\(good)", under: name)
      }
      let text = error?.description ?? ""
      #expect(text.contains("\(name):2:16: error:"), "\(text)")
      #expect(text.contains("rules of the version '\(version)' are not known here; known are v3.0, v3.1"), "\(text)")
      #expect(book.ruleSet().conditions == rules.conditions && book.ruleSet().tags == rules.tags)
      #expect(book.ruleSet().affinities == rules.affinities && book.overrides == overrides)
      #expect(
        !rules.conditions.isEmpty || !rules.tags.isEmpty || !rules.affinities.isEmpty || overrides != OverrideSet())
    }
  }

  @Test(arguments: ["latest", "v3.x", "v", "v3..1", "-3.1", "v99999999999999999999.0"])
  func `what is no version of a rule is said to be none`(version: String) {
    let text = refusal("configVersion: \(version)\nconditions: ['=> a=1']")
    #expect(text.contains("shop.condition-router:1:16: error:"), "\(text)")
    #expect(text.contains("is no version; write v3.0 or v3.1"), "\(text)")
  }

  @Test func `a condition that is missing is said to be`() {
    #expect(refusal("conditions:\n  - '=> a=1'\n  -\n").contains("a condition is missing here"))
  }

  @Test func `a control character that a mistake quotes cannot steer a terminal`() {
    let message = refusal(#"conditions: ["=> region=a b\u001b[2Jc"]"#)
    #expect(message.contains(#"\u{1b}[2J"#) && !message.contains("\u{1b}"), "\(message)")
  }

  @Test func `a bad tag, affinity or override rule is refused`() {
    #expect(refusal("tags: [{ name: a, addresses: ['10.0.0.0/99'] }]", "x.tag-router").contains("10.0.0.0/99"))
    #expect(refusal("tags: [{ addresses: ['10.0.0.1'] }]", "x.tag-router").contains("name"))
    #expect(refusal("key: a", "x.affinity-router").contains("affinityAware"))
    #expect(refusal("configs: [{ side: provider }]", "x.configurators").contains("parameters"))
    #expect(
      refusal("tags: [{ name: a, match: [{ key: env, value: { exact: a, prefix: b } }] }]", "x.tag-router").contains(
        "exactly one"))
    #expect(
      refusal("tags: [{ name: a, match: [{ key: env, value: { regex: '(' } }] }]", "x.tag-router").contains(
        "regular expression"))
  }

  @Test func `what an override rule sets is not doubtful for looking like a flag`() throws {
    var book = RuleBook()
    let rule = "configs: [{ side: consumer, parameters: { disabled: true, check: no, weight: 50 } }]"
    let doubts = try book.file(rule, under: "shop.configurators")
    #expect(doubts.isEmpty, "\(doubts)")
  }

  @Test func `case 42: a bad rule leaves the one before it`() throws {
    var book = RuleBook()
    let good = "conditions: ['=> region=beijing']"
    try book.file(good, under: "a.condition-router")
    #expect(throws: RuleBook.Refused.self) { try book.file("conditions: ['=']", under: "a.condition-router") }
    let directory = StaticDirectory(
      service: service,
      candidates: ["beijing", "hangzhou"].enumerated().map {
        Candidate(FakeEndpoint($0.offset + 1, parameters: ["region": $0.element]))
      }, rules: book.ruleSet(), context: context())
    #expect(directory.snapshot.route(.unary(), context()).count == 1)
    try book.file("", under: "a.condition-router")
    #expect(book.ruleSet().conditions.isEmpty)
  }

  @Test func `names say which kind of rule a text is`() {
    #expect(RuleBook.isRule("shop.tag-router"))
    #expect(!RuleBook.isRule("dubbo.properties"))
    let names = RuleBook.names(
      service: ServiceKey(interface: "a.B", version: "1"), consumer: "c", providers: ["p", "c"])
    #expect(names.contains("a.B:1:.condition-router"))
    #expect(names.contains("p.tag-router"))
    #expect(Set(names).count == names.count)
  }

  @Test func `random text never traps, and is never refused without a reason`() {
    var generator = SeededGenerator(seed: 9)
    let pieces = [
      "conditions:", "\n", "  ", "- ", "'a=1 => b=2'", "from: { match: ", "}", "tags:", "[", "]", "name: a", "key: ",
      ":", "to:", "weight: 9", "configs:", "match:", "\t", "&a", "*a",
    ]
    for round in 0..<3_000 {
      let text = (0..<Int.random(in: 0...15, using: &generator)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &generator)]
      }.joined()
      var book = RuleBook()
      let kinds = ["condition-router", "tag-router", "affinity-router", "configurators"]
      do {
        try book.file(text, under: "x.\(kinds[round % 4])")
      } catch {
        let reasons = (error as? RuleBook.Refused)?.diagnostics.filter { $0.severity == .error }
        #expect(reasons?.isEmpty == false, "\(error) for \(text)")
      }
    }
  }
}

extension Substring {
  fileprivate var trimmingCharacters: String { filter { $0 != " " && $0 != "|" } }
}

@Suite struct OverrideRulesTests {
  private func overrides(_ texts: [String]) throws -> OverrideSet {
    var book = RuleBook()
    for (index, text) in texts.enumerated() { try book.file(text, under: "r\(index).configurators") }
    return book.overrides
  }

  private let provider = DubboURL(
    scheme: "tri", host: "10.0.0.7", port: 50051, path: "org.example.Greeter",
    parameters: ["timeout": "1000", "application": "shop", "env": "blue"])

  private func applied(
    _ texts: String..., to url: DubboURL? = nil, side: Side = .provider, provider: DubboURL? = nil
  ) throws -> DubboURL {
    try overrides(texts).applied(
      to: url ?? self.provider, side: side, service: service, localHost: "10.1.1.1", provider: provider)
  }

  @Test func `parameters are set on the side that is meant`() throws {
    let text =
      "key: org.example.Greeter\nconfigs: [{ side: provider, parameters: { timeout: 50, greet.retries: 0, tag: gray } }]"
    let url = try applied(text)
    #expect(url.timeout == .milliseconds(50))
    #expect(url[RetriesKey.self, method: "greet"] == 0)
    #expect(url.tag == "gray")
    #expect(try applied(text, side: .consumer) == provider)
  }

  @Test(arguments: [
    ("10.0.0.7", true), ("10.0.0.8", false), ("0.0.0.0", true), ("10.0.0.7:50051", true), ("10.0.0.7:1", false),
  ])
  func `addresses name the machine`(address: String, isMeant: Bool) throws {
    let url = try applied("configs: [{ addresses: ['\(address)'], parameters: { weight: 7 } }]")
    #expect((url.weight == 7) == isMeant)
  }

  @Test func `a consumer's change may be about certain providers`() throws {
    let text =
      "configs: [{ side: consumer, addresses: ['10.1.1.1'], providerAddresses: ['10.0.0.7:50051'], parameters: { weight: 7 } }]"
    #expect(try applied(text, side: .consumer, provider: provider).weight == 7)
    var other = provider
    other.host = "10.0.0.8"
    #expect(try applied(text, side: .consumer, provider: other).weight == 100)
    #expect(try applied(text, side: .consumer).weight == 100)
  }

  @Test(arguments: [
    ("services: ['org.example.Greeter']", true), ("services: ['org.example.Other']", false), ("services: ['*']", true),
    ("applications: [shop]", true), ("applications: [else]", false),
    ("match: { param: [{ key: env, value: { exact: blue } }] }", true),
    ("match: { param: [{ key: env, value: { exact: red } }] }", false),
    ("match: { address: { cidr: 10.0.0.0/8 } }", true),
    ("match: { address: { wildcard: '11.*.*.*' } }", false),
    ("match: { service: { oneof: [{ prefix: org. }] } }", true),
    ("match: { app: { oneof: [{ exact: else }] } }", false),
  ])
  func `entries say whom they are about`(condition: String, isMeant: Bool) throws {
    let url = try applied("scope: application\nkey: shop\nconfigs: [{ \(condition), parameters: { weight: 7 } }]")
    #expect((url.weight == 7) == isMeant)
  }

  @Test func `the service's rule has the last word over the application's`() throws {
    let ofService = "key: org.example.Greeter\nconfigs: [{ parameters: { weight: 1 } }]"
    let ofApplication = "scope: application\nkey: shop\nconfigs: [{ parameters: { weight: 2, timeout: 9 } }]"
    let url = try applied(ofService, ofApplication)
    #expect(url.weight == 1)
    #expect(url.timeout == .milliseconds(9))
  }

  @Test func `what names a service and who decides cannot be set`() throws {
    let url = try applied("configs: [{ parameters: { group: g, version: '9', router: x, side: consumer, weight: 3 } }]")
    #expect(url == provider.with("weight", "3"))
  }

  @Test func `a disabled rule does nothing, nor does a console's disabled entry`() throws {
    #expect(try applied("enabled: false\nconfigs: [{ parameters: { weight: 3 } }]") == provider)
    #expect(try applied("configs: [{ type: weight, enabled: false, parameters: { weight: 3 } }]") == provider)
    #expect(try applied("configs: [{ type: general, enabled: false, parameters: { weight: 3 } }]").weight == 3)
  }

  @Test func `the old form, a URL, overrides or fills in`() throws {
    func set(_ text: String) throws -> OverrideSet {
      OverrideSet([try #require(OverrideRules(DubboURL(text)))])
    }
    func weight(_ set: OverrideSet) -> DubboURL {
      set.applied(to: provider, side: .provider, service: service, localHost: "")
    }
    #expect(
      try weight(set("override://0.0.0.0/org.example.Greeter?category=configurators&timeout=5")).timeout
        == .milliseconds(5))
    #expect(try weight(set("absent://0.0.0.0/org.example.Greeter?timeout=5&weight=9")).timeout == .seconds(1))
    #expect(try weight(set("absent://0.0.0.0/org.example.Greeter?timeout=5&weight=9")).weight == 9)
    #expect(try weight(set("override://10.0.0.8/org.example.Greeter?weight=9")).weight == 100)
    #expect(try weight(set("override://0.0.0.0/org.example.Other?weight=9")).weight == 100)
    #expect(try OverrideRules(DubboURL("tri://h/x")) == nil)
  }

  @Test func `an old URL with a port is about one provider, at both sides; without one about one consumer`() throws {
    func applied(_ text: String, _ side: Side, consumer: String = "10.0.9.9") throws -> Int {
      let set = OverrideSet().adding(configurators: [try DubboURL(text)])
      return set.applied(to: provider, side: side, service: service, localHost: consumer, provider: provider).weight
    }
    for side in [Side.provider, .consumer] {
      #expect(try applied("override://10.0.0.7:50051/org.example.Greeter?weight=9", side) == 9)
      #expect(try applied("override://10.0.0.7:50052/org.example.Greeter?weight=9", side) == 100)
      #expect(try applied("override://0.0.0.0:50051/org.example.Greeter?weight=9", side) == 9)
      #expect(try applied("override://0.0.0.0/*?weight=9", side) == 9)
    }
    #expect(try applied("override://10.0.0.7/org.example.Greeter?weight=9", .provider) == 100)
    #expect(try applied("override://10.0.0.7/org.example.Greeter?weight=9", .consumer, consumer: "10.0.0.7") == 9)
    #expect(try applied("override://10.0.0.7/org.example.Greeter?weight=9", .consumer) == 100)
  }

  @Test func `old URLs work before the rules of a config center, the one for a host after the one for all`() throws {
    func weight(_ urls: [String], _ texts: [String] = []) throws -> Int {
      let set = try overrides(texts).adding(configurators: try urls.map { try DubboURL($0) })
      return set.applied(to: provider, side: .provider, service: service, localHost: "").weight
    }
    let all = "override://0.0.0.0/org.example.Greeter?weight=1"
    let one = "override://10.0.0.7:50051/org.example.Greeter?weight=2"
    #expect(try weight([one, all]) == 2)
    #expect(try weight([all + "&priority=2", all + "0&priority=1"]) == 1)
    #expect(try weight([one + "&enabled=false", all]) == 1)
    #expect(try weight(["absent://0.0.0.0/org.example.Greeter?weight=3"]) == 3)
    #expect(try weight(["absent://0.0.0.0/org.example.Greeter?weight=3", all]) == 1)
    #expect(try weight([one, all], ["scope: application\nkey: shop\nconfigs: [{ parameters: { weight: 5 } }]"]) == 5)
    #expect(try weight(["tri://10.0.0.7:50051/org.example.Greeter?weight=7"]) == 100)
  }

  @Test func `a list of URLs, as old consoles write it, is several rules`() throws {
    let url = try applied(
      """
      ["override://0.0.0.0/org.example.Greeter?category=configurators&timeout=5",
       "override://0.0.0.0/org.example.Greeter?weight=9", "override://0.0.0.0/org.example.Other?weight=1"]
      """)
    #expect(url.timeout == .milliseconds(5) && url.weight == 9)
    var book = RuleBook()
    for text in ["['tri://h/x']", "['override://']", "[{ a: b }]", "- "] {
      let refused = #expect(throws: RuleBook.Refused.self) { try book.file(text, under: "x.configurators") }
      #expect(refused?.diagnostics.contains { $0.severity == .error } == true, "no reason for refusing \(text)")
    }
  }

  @Test func `case 36: an override takes a provider out of a directory and changes its weight`() throws {
    let directory = ServiceDirectory(service: service, context: context()) { FakeEndpoint($0) { _ in Reply() } }
    var second = provider
    second.host = "10.0.0.8"
    _ = directory.update([provider, second])
    let before = try #require(directory.snapshot.roster.candidates.last)
    let change = directory.update(
      overrides: try overrides([
        "configs: [{ side: consumer, providerAddresses: ['10.0.0.7'], parameters: { disabled: true } }, { side: consumer, parameters: { weight: 3 } }]"
      ]))
    #expect(change.retired.map(\.url.host) == ["10.0.0.7"])
    let after = try #require(directory.snapshot.roster.candidates.first)
    #expect(after.url.weight == 3)
    #expect(after.numbers === before.numbers)
  }
}
