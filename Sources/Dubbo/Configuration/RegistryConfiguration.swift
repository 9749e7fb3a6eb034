public import DubboCore
internal import DubboYAML

/// One entry of `dubbo.registries`: where providers make themselves known.
public struct RegistryConfiguration: Sendable, Hashable {
  /// The key of the entry; services and references name it.
  public var id: String
  /// Everything that is known of the registry, its login, group and namespace included.
  public var url: DubboURL

  public init(id: String, url: DubboURL) {
    self.id = id
    self.url = url
  }

  /// Nil when there is no registry or its address is wrong, which is reported.
  init?(id: String, _ fields: YAMLFields) {
    let address = AddressFields(fields)
    let found = address.url()
    var url = found ?? DubboURL(scheme: "none", host: "")
    address.parameters(Self.rows, into: &url)
    if let mode = fields.choice("registry-type", ["interface": "interface", "service": "instance", "all": "all"]) {
      url.parameters["register-mode"] = mode
    }
    let modes: KeyValuePairs = ["interface": "interface", "instance": "instance", "all": "all"]
    if let mode = fields.choice("register-mode", modes) { url.parameters["register-mode"] = mode }
    fields.ignore(
      "use-as-config-center", "use-as-metadata-center", "use-as-meta-report",
      because: "say it with the sections config-center and metadata-report")
    fields.ignore(
      "transporter", "server", "client", "accesses", "file", "wait", "ttl", "extra-keys", "publish-interface",
      "publish-instance", "migration", "id", "default", because: "this program's registries have no such setting")
    fields.finish()
    guard found != nil else { return nil }
    self.id = id
    self.url = url
  }

  private static let rows = [
    ParameterRow("group", as: .text), ParameterRow("namespace", as: .text), ParameterRow("cluster", as: .text),
    ParameterRow("version", as: .text), ParameterRow("timeout", as: .duration),
    ParameterRow("session", "session-timeout", as: .duration), ParameterRow("check", as: .flag),
    ParameterRow("register", as: .flag), ParameterRow("subscribe", as: .flag), ParameterRow("dynamic", as: .flag),
    ParameterRow("simplified", as: .flag), ParameterRow("preferred", as: .flag), ParameterRow("zone", as: .text),
    ParameterRow("weight", as: .count(0...1_000_000)), ParameterRow("enable-empty-protection", as: .flag),
  ]
}
