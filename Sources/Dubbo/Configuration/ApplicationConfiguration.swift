internal import DubboYAML

/// `dubbo.application`: who runs here. What is set is said on the URLs of providers and consumers.
public struct ApplicationConfiguration: Sendable, Hashable {
  /// The name by which registries and rules know the application.
  public var name: String?
  public var version: String?
  public var organization: String?
  public var owner: String?
  public var environment: String?
  public var module: String?

  public init(name: String? = nil) {
    self.name = name
  }

  init(_ fields: YAMLFields) {
    name = fields.string("name")
    version = fields.string("version")
    organization = fields.string("organization")
    owner = fields.string("owner")
    environment = fields.string("environment")
    module = fields.string("module")
    fields.ignore(
      "qos-enable", "qos-port", "qos-host", "qos-accept-foreign-ip", "qos-check", "logger", "architecture",
      "compiler", "dump-directory", "shutwait", "startup-mode", "executor-management-mode", "group",
      because: "it steers parts of Dubbo for Java or Go that this program does not have")
    fields.ignore(
      "metadata-type", "metadata-service-port", "metadata-service-protocol", "register-mode",
      because: "how services are registered is said by each registry (register-mode)")
    fields.ignore(
      "serialize-check-status", "auto-trust-serialize-class", "check-serializable", "trust-serialize-class-level",
      because: "messages here are never read into classes that their sender names")
    fields.finish()
  }
}
