package import DubboCluster
public import DubboCore
internal import DubboYAML

/// `dubbo.routers` (or Go's list `dubbo.router`): which providers a call may go to.
public struct RoutersConfiguration: Sendable {
  /// Where a service is called directly, without a registry.
  public struct DirectRoute: Sendable, Hashable {
    public var interface: String
    public var urls: [DubboURL]
  }

  public var directRoutes: [DirectRoute] = []
  package var conditionRules: [ConditionRules] = []
  package var tagRules: [TagRules] = []
  package var meshRules: [MeshRules] = []
  /// The config center that further rules come from, when it is said here.
  public var configCenter: ConfigCenterConfiguration?

  public init() {}

  mutating func read(_ fields: YAMLFields) {
    directRoutes = fields.list("consumer").compactMap { item in
      guard let fields = item.fields("a route") else { return nil }
      fields.require("service", "interface")
      fields.require("url")
      let route = DirectRoute(
        interface: fields.string("service", "interface") ?? "",
        urls: ReferenceConfiguration.urls(fields["url"], protocolName: fields.string("protocol")))
      fields.finish()
      return route
    }
    if let nacos = fields.fields("nacos", as: "routers.nacos") { configCenter = .init(nacos: nacos) }
    conditionRules += Self.rules(fields["conditions"]).compactMap(ConditionRules.read)
    tagRules += Self.rules(fields["tags"]).compactMap(TagRules.read)
    // By application, each a list of what would be the documents of a text of its own.
    for entry in fields.entries("mesh") {
      if let rule = MeshRules.read(Self.rules(entry.value), application: entry.key) { meshRules.append(rule) }
    }
    fields.finish()
  }

  /// Go's list, where a rule with `tags` is a tag rule and any other a condition rule.
  mutating func read(list: [YAMLReader]) {
    for item in list {
      if item.node["tags"] != nil {
        if let rule = TagRules.read(item) { tagRules.append(rule) }
      } else if let rule = ConditionRules.read(item) {
        conditionRules.append(rule)
      }
    }
  }

  /// The rules, as `DubboApplication.rules` takes them.
  package var rules: RuleSet { RuleSet(conditions: conditionRules, tags: tagRules, meshes: meshRules) }

  /// One rule or a list of them.
  private static func rules(_ reader: YAMLReader?) -> [YAMLReader] {
    guard let reader, !reader.isNull else { return [] }
    if case .mapping = reader.node.content { return [reader] }
    return reader.list()
  }
}
