package import DubboCore
package import DubboYAML

/// The rules that a config center holds, by the names under which Dubbo files them: `shop.condition-router`,
/// `org.example.Greeter::.condition-router`, `shop.tag-router`, `….affinity-router`, `….configurators`, `shop.MESHAPPRULE`.
///
/// A text that is wrong is refused and the rule before it stays. A value: whoever watches the config center owns it.
package struct RuleBook: Sendable {
  /// A rule's text is wrong; the description quotes each line at fault with a caret under the spot.
  package struct Refused: Error, CustomStringConvertible {
    package var diagnostics: [YAMLDiagnostic]
    package var description: String { diagnostics.map(\.description).joined(separator: "\n") }
  }

  private enum Rule: Sendable {
    case conditions(ConditionRules)
    case tags(TagRules)
    case affinity(AffinityRules)
    case overrides([OverrideRules])
    case mesh(MeshRules)
  }

  private var rules: [String: Rule] = [:]
  private var order: [String] = []

  package init() {}

  /// Whether `name` is that of a rule.
  package static func isRule(_ name: String) -> Bool { kind(name) != nil }

  private static let meshSuffix = ".MESHAPPRULE"
  private static let scriptSuffix = ".script-router"

  /// Whether `name` is that of an override rule.
  package static func isOverride(_ name: String) -> Bool { name.hasSuffix(".configurators") }

  /// The names under which rules for a reference may be filed.
  package static func names(service: ServiceKey, consumer: String?, providers: [String]) -> [String] {
    var applications: [String] = []
    for application in [consumer].compactMap({ $0 }) + providers where !applications.contains(application) {
      applications.append(application)
    }
    let key = service.colonText
    return ["\(key).condition-router", "\(key).affinity-router", "\(key).configurators"]
      + applications.flatMap {
        [
          "\($0).condition-router", "\($0).tag-router", "\($0).affinity-router", "\($0).configurators",
          "\($0)\(scriptSuffix)",
        ]
      } + providers.map { "\($0)\(meshSuffix)" }
  }

  /// Files `text` under `name`; nil or an empty text removes the rule. Returns what is doubtful about a text that is
  /// used.
  @discardableResult
  package mutating func file(_ text: String?, under name: String) throws -> [YAMLDiagnostic] {
    if name.hasSuffix(Self.scriptSuffix) { return Self.remark(onScript: text, name) }
    guard let kind = Self.kind(name) else { return [] }
    guard let text, text.contains(where: { !$0.isWhitespace }) else {
      rules[name] = nil
      order.removeAll { $0 == name }
      return []
    }
    let document = YAMLDocument(text, file: name, holdsSeveral: name.hasSuffix(Self.meshSuffix))
    let rule = kind(document)
    guard let rule, !document.diagnostics.hasErrors else { throw Refused(diagnostics: document.diagnostics.all) }
    if rules.updateValue(rule, forKey: name) == nil { order.append(name) }
    return document.diagnostics.all.filter { $0.severity > .note }
  }

  /// The routing rules, with the application's own routers.
  package func ruleSet(routers: [any Router] = []) -> RuleSet {
    var set = RuleSet()
    for name in order {
      switch rules[name] {
      case .conditions(let rule): set.conditions.append(rule)
      case .tags(let rule): set.tags.append(rule)
      case .affinity(let rule): set.affinities.append(rule)
      case .mesh(let rule): set.meshes.append(rule)
      case .overrides, nil: break
      }
    }
    set.routers = routers
    return set
  }

  package var overrides: OverrideSet {
    OverrideSet(
      order.flatMap { name -> [OverrideRules] in
        if case .overrides(let rules) = rules[name] { rules } else { [] }
      })
  }

  private static func kind(_ name: String) -> ((YAMLDocument) -> Rule?)? {
    if name.hasSuffix(".condition-router") { return { ConditionRules.read($0.reader).map(Rule.conditions) } }
    if name.hasSuffix(".tag-router") { return { TagRules.read($0.reader).map(Rule.tags) } }
    if name.hasSuffix(".affinity-router") { return { AffinityRules.read($0.reader).map(Rule.affinity) } }
    if isOverride(name) { return { OverrideRules.readAll($0.reader).map(Rule.overrides) } }
    if name.hasSuffix(meshSuffix) {
      let application = String(name.dropLast(meshSuffix.count))
      return { MeshRules.read($0.readers, application: application).map(Rule.mesh) }
    }
    return nil
  }

  /// No engine for scripts is among what this framework stands on: whoever relies on one has to be told.
  private static func remark(onScript text: String?, _ name: String) -> [YAMLDiagnostic] {
    guard let text, text.contains(where: { !$0.isWhitespace }) else { return [] }
    // Not read, for it need not be sound.
    let diagnostics = YAMLDocument("", file: name).diagnostics
    diagnostics.warning(
      "script rules are not supported, and this one is ignored; write a condition rule, or a router of your own",
      at: .start)
    return diagnostics.all
  }
}
