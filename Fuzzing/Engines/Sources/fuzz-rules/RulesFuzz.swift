import DubboCluster
import DubboCore
import DubboYAML
import FuzzSupport

/// Any text of a rule is refused with a place in it, or is a rule that routes among a few providers: what it leaves is of
/// them, in their order, and is what `explain` says of it.
///
/// The first character chooses the kind: `t`ag, `a`ffinity, `m`esh, `o`verride, override rules as `u`rls, a `b`are condition; any
/// other a condition rule.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRules(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = input(start, count)
  guard let first = bytes.first else { return 0 }
  var text = String(decoding: bytes.dropFirst(), as: UTF8.self)
  var name = "\(Sample.service.interface).condition-router"
  switch first {
  case UInt8(ascii: "t"): name = "shop.tag-router"
  case UInt8(ascii: "a"): name = "\(Sample.service.interface).affinity-router"
  case UInt8(ascii: "m"): name = "shop.MESHAPPRULE"
  case UInt8(ascii: "o"): name = "\(Sample.service.interface).configurators"
  case UInt8(ascii: "b"):
    text = "key: \(Sample.service.interface)\nscope: service\nforce: true\nconditions: [\(quoted(text))]"
  case UInt8(ascii: "u"):
    let urls = text.split(separator: "\n").compactMap { try? DubboURL(String($0)) }
    override(OverrideSet().adding(configurators: urls))
    return 0
  default: break
  }
  var book = RuleBook()
  do {
    check(try book.file(text, under: name))
  } catch let refused as RuleBook.Refused {
    require(refused.diagnostics.contains { $0.severity == .error }, "a refusal without a reason")
    check(refused.diagnostics)
    return 0
  } catch {
    require(false, "an error of another kind: \(error)")
  }
  route(book.ruleSet())
  override(book.overrides)
  return 0
}

private func route(_ rules: RuleSet) {
  let snapshot = DirectorySnapshot(
    version: 1, roster: Sample.roster, rules: rules, service: Sample.service, consumer: Sample.consumer,
    wallMilliseconds: 0)
  for invocation in Sample.invocations {
    // Where a rule draws among destinations, both draw alike.
    let left = snapshot.route(invocation, Sample.context).candidates
    var all = Sample.roster.candidates[...]
    for candidate in left {
      guard let place = all.firstIndex(where: { $0 === candidate }) else {
        return require(false, "\(candidate) is none of the providers, comes twice or out of turn")
      }
      all = all[(place + 1)...]
    }
    let explanation = snapshot.explain(invocation, Sample.context)
    require(explanation.result == left.map(\.address), "routed to \(left), explained as \(explanation)")
  }
}

private func override(_ overrides: OverrideSet) {
  for side in [Side.provider, .consumer] {
    for candidate in Sample.roster.candidates {
      let url = overrides.applied(
        to: candidate.url, side: side, service: Sample.service, localHost: "10.1.1.1", provider: candidate.url)
      require(url.address == candidate.address && url.scheme == candidate.url.scheme, "\(candidate) became \(url)")
      require((try? DubboURL(url.text)) == url, "\(url.text) is not itself again")
      _ = Candidate(url: url, endpoint: candidate.endpoint).weight(method: "greet", wallMilliseconds: 1_000)
    }
  }
}

private func check(_ diagnostics: [YAMLDiagnostic]) {
  for diagnostic in diagnostics {
    let text = diagnostic.description
    require(!text.isEmpty && text.utf8.count < 8_000, "too little or too much: \(text)")
    let isClean = text.unicodeScalars.allSatisfy { $0.value >= 32 || $0 == "\n" || $0 == "\t" }
    require(isClean, "a control character: \(text)")
  }
}

/// A YAML string of any text.
private func quoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": quoted += "\\\(scalar)"
    case " "..."~": quoted.unicodeScalars.append(scalar)
    default:
      let digits = String(scalar.value, radix: 16)
      quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
    }
  }
  return quoted + "\""
}

/// What is routed, made once.
private enum Sample {
  static let service = ServiceKey(interface: "org.example.Greeter")
  static let consumer = DubboURL(
    scheme: "consumer", host: "10.1.1.1", path: service.interface,
    parameters: ["application": "caller", "region": "a", "env": "gray", "version": "1.2"])
  static var context: ChoiceContext { ChoiceContext(random: RandomSource(seed: 1)) }

  static let roster = Roster((0..<5).map(provider), wallMilliseconds: 0)

  private static func provider(_ number: Int) -> Candidate {
    var url = DubboURL(
      scheme: "tri", host: "10.0.0.\(number)", port: 20_880 + UInt16(number), path: service.interface,
      parameters: ["application": "shop", "region": number % 2 == 0 ? "a" : "b", "weight": "\(number * 100)"])
    if number < 2 { url["env"] = "gray" }
    if number == 4 { url["dubbo.tag"] = "gray" }
    return Candidate(IdleEndpoint(url: url))
  }

  static let invocations = [
    Invocation(method: method("greet"), body: .message([])),
    Invocation(method: method("greet"), body: .message([]), metadata: ["user": "vip", "dubbo.tag": "gray"]),
    Invocation(
      method: method("findAll"), body: .message([]), metadata: ["dubbo.tag": "red", "dubbo.force.tag": "true"]),
  ]

  private static func method(_ name: String) -> MethodDescriptor {
    MethodDescriptor(service: service.interface, name: name, kind: .unary)
  }
}

private struct IdleEndpoint: Endpoint {
  let url: DubboURL
  var availability: Availability { .ready }
  func invoke(_ invocation: Invocation) async throws -> Reply { Reply() }
  func close() async {}
}
