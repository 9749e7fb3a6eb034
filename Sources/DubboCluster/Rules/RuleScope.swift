internal import DubboCore
internal import DubboYAML

/// What a rule is about: one service, or one application.
enum RuleScope: Sendable, Hashable {
  case service
  case application
}

/// What rules of every kind begin with.
struct RuleHead: Sendable, Hashable {
  var version: RuleVersion
  var scope: RuleScope
  /// The service or the application; empty means whatever it is given to.
  var key: String
  var isEnabled: Bool
  var isForced: Bool
  /// Of two rules of one scope the one with the higher number works first.
  var priority: Int

  /// Reads the common fields of `fields`.
  static func read(_ fields: YAMLFields, scope fallback: RuleScope) -> RuleHead {
    let head = RuleHead(
      version: RuleVersion.read(fields),
      scope: fields.choice("scope", ["service": .service, "application": .application]) ?? fallback,
      key: fields.string("key") ?? "", isEnabled: fields.bool("enabled") ?? true,
      isForced: fields.bool("force") ?? false, priority: fields.integer("priority") ?? 0)
    fields.ignore("runtime", because: "rules are compiled when they change, and always apply")
    fields.ignore("dynamic", because: "where a rule comes from decides how long it stays")
    if fields.bool("valid") == false {
      var invalid = head
      invalid.isEnabled = false
      return invalid
    }
    return head
  }

  /// Whether a rule of the scope service is about `service`: its key is the interface, `group/interface:version` or
  /// `interface:version:group`; what the key leaves out may be anything.
  func isAbout(_ service: ServiceKey) -> Bool {
    guard !key.isEmpty else { return true }
    let wanted = key.contains("/") ? ServiceKey(key) : ServiceKey(colonText: key)
    guard let wanted, wanted.interface == service.interface else { return false }
    let version = service.version == "0.0.0" ? nil : service.version
    return (wanted.group == nil || wanted.group == service.group)
      && (wanted.version == nil || wanted.version == "0.0.0" || wanted.version == version)
  }
}
