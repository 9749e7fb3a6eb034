public import DubboCore
internal import DubboYAML

/// `dubbo.config-center`: where rules and overrides come from while the application runs. `dubbo.routers.nacos` is
/// another way to write one.
public struct ConfigCenterConfiguration: Sendable, Hashable {
  /// Everything that is known of it, its login, group and namespace included.
  public var url: DubboURL

  public init(url: DubboURL) {
    self.url = url
  }

  /// Nil when there is none or its address is wrong, which is reported.
  init?(_ fields: YAMLFields) {
    let address = AddressFields(fields)
    let found = address.url()
    var url = found ?? DubboURL(scheme: "none", host: "")
    address.parameters(Self.rows, into: &url)
    fields.ignore(
      "data-id", "app-id", "config-file", "app-config-file", "app-name", "file-extension", "highest-priority",
      "include-spring-env",
      because: "the configuration file is a file of this machine; the config center holds rules and overrides")
    fields.finish()
    guard found != nil else { return nil }
    self.url = url
  }

  /// `routers.nacos`, as the Rust implementation's file has it.
  init?(nacos fields: YAMLFields) {
    var url = fields["addr", "address"]?.converted(expecting: "an address such as 127.0.0.1:8848") { text in
      try DubboURL(text.contains("://") ? text : "nacos://\(text)")
    }
    fields.require("addr")
    if let namespace = fields.string("namespace"), !namespace.isEmpty { url?.namespace = namespace }
    if let application = fields.string("app") { url?.application = application }
    if let login = fields.fields("enable_auth", as: "the login") {
      url?.user = login.string("auth_username")
      url?.password = login.string("auth_password")
      login.finish()
    }
    fields.ignore("enable_auth_plugin_http", because: "the login is always made over HTTP")
    fields.finish()
    guard let url else { return nil }
    self.url = url
  }

  private static let rows = [
    ParameterRow("group", as: .text), ParameterRow("namespace", as: .text), ParameterRow("cluster", as: .text),
    ParameterRow("timeout", as: .duration), ParameterRow("check", as: .flag),
    ParameterRow("root-path", parameter: "dubbo.config-center.root-path", as: .text),
  ]
}

/// `dubbo.metadata-report`: where the application leaves what it provides for others to read.
public struct MetadataReportConfiguration: Sendable, Hashable {
  /// Everything that is known of it, its login, group and namespace included.
  public var url: DubboURL

  public init(url: DubboURL) {
    self.url = url
  }

  init?(_ fields: YAMLFields) {
    let address = AddressFields(fields)
    let found = address.url()
    var url = found ?? DubboURL(scheme: "none", host: "")
    address.parameters(Self.rows, into: &url)
    fields.ignore(
      "sync-report", "cycle-report", "retry-times", "retry-period", "report-metadata", "report-definition",
      "report-consumer-definition", "metadata-type", because: "this program has one way to report")
    fields.finish()
    guard found != nil else { return nil }
    self.url = url
  }

  private static let rows = [
    ParameterRow("group", as: .text), ParameterRow("namespace", as: .text), ParameterRow("cluster", as: .text),
    ParameterRow("timeout", as: .duration), ParameterRow("check", as: .flag),
  ]
}
