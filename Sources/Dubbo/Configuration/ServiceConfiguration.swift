public import DubboCore
internal import DubboYAML

/// One entry of `dubbo.provider.services`: what holds for a service that the program provides.
public struct ServiceConfiguration: Sendable, Hashable {
  /// The key of the entry: the name of the provider's type, or the interface.
  public var id: String
  /// The service's full name; nil leaves it to the provider's type.
  public var interface: String?
  public var group: String?
  public var version: String?
  /// The ids of the protocols that serve it; empty for all.
  public var protocolIDs: [String]
  /// The ids of the registries that list it; empty for all.
  public var registryIDs: [String]
  /// False: served, but listed nowhere.
  public var isRegistered: Bool
  /// `timeout`, `weight`, `token`…, as a URL writes them; the provider section's defaults are in it.
  public var parameters: URLParameters
  public var methods: [MethodConfiguration]

  public init(id: String, interface: String? = nil, group: String? = nil, version: String? = nil) {
    self.id = id
    self.interface = interface
    self.group = group
    self.version = version
    self.protocolIDs = []
    self.registryIDs = []
    self.isRegistered = true
    self.parameters = [:]
    self.methods = []
  }

  init(id: String, _ fields: YAMLFields, known: KnownIDs, defaults: ServiceDefaults) {
    self.id = id
    interface = fields.string("interface")
    group = fields.string("group") ?? defaults.group
    version = fields.string("version") ?? defaults.version
    protocolIDs = known.protocolIDs(fields["protocol-ids", "protocol", "protocols"]) ?? defaults.protocolIDs
    registryIDs = known.registryIDs(fields["registry-ids", "registry", "registries"]) ?? defaults.registryIDs
    let isHidden = fields.bool("not-register")
    isRegistered = fields.bool("register") ?? isHidden.map { !$0 } ?? defaults.isRegistered
    parameters = defaults.parameters
    for row in CallParameterRows.call + CallParameterRows.service { row.read(fields, into: &parameters) }
    ParameterRow.readFreely(fields, into: &parameters)
    methods = MethodConfiguration.all(fields)
    for (names, why) in CallParameterRows.ignored { fields.ignore(names, because: why) }
    fields.finish()
  }

  init(_ defaults: ServiceDefaults) {
    self.init(id: "", group: defaults.group, version: defaults.version)
    protocolIDs = defaults.protocolIDs
    registryIDs = defaults.registryIDs
    isRegistered = defaults.isRegistered
    parameters = defaults.parameters
  }

  /// What the provider's URL says, methods included (`greet.timeout=500`).
  public var urlParameters: URLParameters {
    parameters.adding(methods)
  }
}

/// What `dubbo.provider` says for all services.
struct ServiceDefaults {
  var group: String?
  var version: String?
  var protocolIDs: [String] = []
  var registryIDs: [String] = []
  var isRegistered = true
  var parameters: URLParameters = [:]

  init() {}

  init(_ fields: YAMLFields, known: KnownIDs) {
    group = fields.string("group")
    version = fields.string("version")
    protocolIDs = known.protocolIDs(fields["protocol-ids", "protocol", "protocols"]) ?? []
    registryIDs = known.registryIDs(fields["registry-ids", "registry", "registries"]) ?? []
    isRegistered = fields.bool("register") ?? true
    for row in CallParameterRows.call + CallParameterRows.service { row.read(fields, into: &parameters) }
    ParameterRow.readFreely(fields, into: &parameters)
    for (names, why) in CallParameterRows.ignored { fields.ignore(names, because: why) }
    fields.ignore("host", "threads", "threadname", "iothreads", "queues", "accepts", because: "protocols say it")
  }
}

extension URLParameters {
  func adding(_ methods: [MethodConfiguration]) -> URLParameters {
    var all = self
    for method in methods {
      for element in method.parameters { all["\(method.name).\(element.name)"] = element.value }
    }
    return all
  }
}
