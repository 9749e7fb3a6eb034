package import DubboCore
package import DubboYAML

/// An override rule (Dubbo's configurator): parameters that operators set on providers or consumers while they run.
package struct OverrideRules: Sendable, Hashable {
  /// One entry: whom it is about, and what is set.
  struct Entry: Sendable, Hashable {
    var side: Side?
    /// The machine whose URL is changed. Empty: any.
    var addresses: [AddressPattern] = []
    /// The providers that a consumer's change is about. Empty: any.
    var providerAddresses: [AddressPattern] = []
    /// Empty: any.
    var services: [StringMatch] = []
    /// Empty: any.
    var applications: [StringMatch] = []
    /// What the URL's own parameters must be.
    var match: [TagRules.ParameterMatch] = []
    var parameters: URLParameters
    /// True: only what is missing is set.
    var fillsOnly = false
  }

  var head: RuleHead
  var entries: [Entry]

  /// What rules may not set: what names a service, and what would change who decides.
  static let untouchable: Set<String> = [
    "category", "check", "dynamic", "enabled", "group", "version", "application", "side", "configVersion",
    "compatible_config", "interfaces", "interface", "router", "rule", "runtime", "type", "accesslog.fixed.path",
    "providerAddresses",
  ]

  /// Reads a rule, or a list of URLs in the old form, which is several; what is wrong stands in the reader's diagnostics,
  /// and then there is none.
  package static func readAll(_ reader: YAMLReader) -> [OverrideRules]? {
    guard case .sequence = reader.node.content else { return read(reader).map { [$0] } }
    let items = reader.list()
    let rules = items.compactMap { item in
      if item.isNull { item.error("a URL is missing here; take the dash away or write one behind it") }
      return item.converted(expecting: "a URL such as override://0.0.0.0/org.example.Greeter?timeout=500") { text in
        guard let rule = try OverrideRules(DubboURL(text)) else { throw OtherScheme() }
        return rule
      }
    }
    return rules.count == items.count ? rules : nil
  }

  private struct OtherScheme: Error, CustomStringConvertible {
    var description: String { "it is neither override:// nor absent://" }
  }

  private static func read(_ reader: YAMLReader) -> OverrideRules? {
    guard let fields = reader.fields("an override rule") else { return nil }
    let head = RuleHead.read(fields, scope: .service)
    var isSound = true
    var entries: [Entry] = []
    for item in fields.list("configs") {
      switch OverrideReader.entry(item) {
      case .entry(let entry): entries.append(entry)
      case .disabled: break
      case .malformed: isSound = false
      }
    }
    fields.finish()
    return isSound ? OverrideRules(head: head, entries: entries) : nil
  }

  /// Reads the old form, a URL among a registry's configurators: `override://0.0.0.0/org.example.Greeter?timeout=500`,
  /// or `absent://…`, which fills in what is missing. A host means one consumer, a host with a port one provider, at that
  /// provider and at whoever calls it. Nil for any other scheme.
  package init?(_ url: DubboURL) {
    guard url.scheme == "override" || url.scheme == "absent", let address = try? AddressPattern(url.address) else {
      return nil
    }
    var entry = Entry(parameters: url.parameters, fillsOnly: url.scheme == "absent")
    entry.side = url.side
    let isOfAll = url.host == "0.0.0.0" || url.host.isEmpty
    if url.port != nil {
      entry.providerAddresses = [address]
    } else if !isOfAll {
      entry.side = entry.side ?? .consumer
      entry.addresses = [address]
    }
    if let application = url.application, application != "*" { entry.applications = [.exact(application)] }
    let key = ServiceKey(url)
    head = RuleHead(
      version: RuleVersion(major: 2, minor: 6), scope: .service, key: key.interface == "*" ? "" : key.colonText,
      isEnabled: url.isEnabled,
      isForced: false, priority: url["priority"].flatMap(Int.init) ?? 0)
    entries = [entry]
  }

  init(head: RuleHead, entries: [Entry]) {
    self.head = head
    self.entries = entries
  }
}
