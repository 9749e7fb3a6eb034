public import DubboCore
internal import DubboYAML

/// One entry of `dubbo.consumer.references`: what holds for a service that the program calls.
public struct ReferenceConfiguration: Sendable, Hashable {
  /// The key of the entry: the name of the client's type, or the interface.
  public var id: String
  /// The service's full name; nil leaves it to the client's type.
  public var interface: String?
  public var group: String?
  public var version: String?
  /// `tri`, or the name of a protocol of the application's own catalog; nil for any.
  public var protocolName: String?
  /// Providers that are called directly, without a registry.
  public var urls: [DubboURL]
  /// The ids of the registries that are asked; empty for all.
  public var registryIDs: [String]
  /// `timeout`, `retries`, `loadbalance`…, as a URL writes them; the consumer section's defaults are in it.
  public var parameters: URLParameters
  public var methods: [MethodConfiguration]

  public init(id: String, interface: String? = nil, group: String? = nil, version: String? = nil) {
    self.id = id
    self.interface = interface
    self.group = group
    self.version = version
    self.urls = []
    self.registryIDs = []
    self.parameters = [:]
    self.methods = []
  }

  init(id: String, _ fields: YAMLFields, known: KnownIDs, defaults: ReferenceDefaults) {
    self.id = id
    interface = fields.string("interface")
    group = fields.string("group") ?? defaults.group
    version = fields.string("version") ?? defaults.version
    protocolName = fields.string("protocol").map(ProtocolConfiguration.spokenName) ?? defaults.protocolName
    urls = Self.urls(fields["url", "urls"], protocolName: protocolName)
    registryIDs = known.registryIDs(fields["registry-ids", "registry", "registries"]) ?? defaults.registryIDs
    parameters = defaults.parameters
    for row in CallParameterRows.call + CallParameterRows.reference { row.read(fields, into: &parameters) }
    ParameterRow.readFreely(fields, into: &parameters)
    methods = MethodConfiguration.all(fields)
    for (names, why) in CallParameterRows.ignoredByReferences { fields.ignore(names, because: why) }
    fields.finish()
  }

  init(_ defaults: ReferenceDefaults) {
    self.init(id: "", group: defaults.group, version: defaults.version)
    protocolName = defaults.protocolName
    registryIDs = defaults.registryIDs
    parameters = defaults.parameters
  }

  /// What the consumer's URL says, methods included (`greet.timeout=500`).
  public var urlParameters: URLParameters {
    var all = parameters.adding(methods)
    if all["protocol"] == nil { all["protocol"] = protocolName }
    return all
  }

  /// One URL, a list of them, or a text of several with `;` between them. Without a scheme `tri` is meant.
  static func urls(_ reader: YAMLReader?, protocolName: String?) -> [DubboURL] {
    guard let reader else { return [] }
    return reader.list().flatMap { item in
      let read = item.converted(expecting: "an address such as tri://127.0.0.1:50051") { text throws -> [DubboURL] in
        try text.split(separator: ";").map { part in
          let part = part.trimmingBlanks()
          var url = try DubboURL(part.contains("://") ? String(part) : "\(protocolName ?? "tri")://\(part)")
          url.scheme = ProtocolConfiguration.spokenName(url.scheme)
          return url
        }
      }
      return read ?? []
    }
  }
}

/// What `dubbo.consumer` says for all references.
struct ReferenceDefaults {
  var group: String?
  var version: String?
  var protocolName: String?
  var registryIDs: [String] = []
  var parameters: URLParameters = [:]

  init() {}

  init(_ fields: YAMLFields, known: KnownIDs) {
    group = fields.string("group")
    version = fields.string("version")
    protocolName = fields.string("protocol").map(ProtocolConfiguration.spokenName)
    registryIDs = known.registryIDs(fields["registry-ids", "registry", "registries"]) ?? []
    for row in CallParameterRows.call + CallParameterRows.reference { row.read(fields, into: &parameters) }
    ParameterRow.readFreely(fields, into: &parameters)
    for (names, why) in CallParameterRows.ignoredByReferences { fields.ignore(names, because: why) }
    fields.ignore(
      "client", "threads", "threadpool", "queues", "max-wait-time-for-service-discovery",
      because: "this program does not have it")
  }
}
