public import DubboCore
internal import DubboTriple

extension DubboApplication {
  /// An application as `configuration` says: its name, where it listens, its registries, and what holds for the
  /// services that it will provide and call.
  ///
  ///     var app = try DubboApplication.load()
  ///     app.provide(GreeterProvider())
  ///     try await app.run()
  ///
  /// An entry of `provider.services` holds for the service that has its `interface`; without one, its key is the name
  /// of the provider's type or of the service. Entries of `consumer.references` are found in the same way. What the
  /// code says goes before what the entry says.
  ///
  /// - Parameters:
  ///   - extensions: nil for those that come with the framework.
  ///   - log: nil for lines on standard error from the configured level on.
  /// - Throws: when the configuration asks for what this application cannot do without doing harm.
  public init(
    configuration: DubboConfiguration, extensions: ExtensionCatalog? = nil, log: Log? = nil,
    clock: any DubboClock = SystemClock()
  ) throws(ConfigurationError) {
    let level = configuration.logLevel ?? .info
    let listening = configuration.protocols.map(\.url.text)
    self.init(
      name: configuration.application.name ?? Self.nameOfProgram,
      protocols: listening.isEmpty ? ["tri://0.0.0.0:50051"] : listening,
      registries: configuration.registries.map(\.url.text),
      extensions: extensions ?? .builtIn(configuration.tripleSettings),
      log: log ?? Log(label: "dubbo", handler: StandardErrorLog(minimumLevel: level)), clock: clock)
    let application = configuration.application.urlParameters
    providerParameters = application
    consumerParameters = application
    if let timeout = configuration.shutdown.timeout { shutdown.grace = timeout }
    if let wait = configuration.shutdown.notificationWait { shutdown.notificationWait = wait }
    serverTLS = configuration.serverTLS
    clientTLS = configuration.clientTLS
    self.configuration = configuration
    configCenter = configuration.usableCenter(with: self.extensions)?.text
    let problems = configuration.problems(with: self.extensions)
    if problems.contains(where: { $0.severity == .error }) { throw ConfigurationError(problems: problems) }
  }

  /// Reads a configuration file with the environment over it and makes an application of it; the parameters are those
  /// of `DubboConfiguration.load` and of `init`.
  public static func load(
    from path: String? = nil, environment: [String: String]? = nil, extensions: ExtensionCatalog? = nil,
    log: Log? = nil
  ) throws(ConfigurationError) -> DubboApplication {
    let configuration = try DubboConfiguration.load(from: path, environment: environment)
    return try DubboApplication(configuration: configuration, extensions: extensions, log: log)
  }

  private static var nameOfProgram: String {
    CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "dubbo"
  }

  /// Says what the configuration's reader wanted to say, and which entries hold for nothing.
  func logRemarks() {
    for remark in configuration.remarks + configuration.problems(with: extensions) {
      log.log(remark.severity == .note ? .debug : .warning, "configuration: \(remark)")
    }
    for entry in configuration.services where !services.contains(where: { $0.configuredAs == entry.id }) {
      log.warning("the configuration has a service that the program does not provide", ["service": entry.id])
    }
  }
}

extension ExtensionCatalog {
  fileprivate static func builtIn(_ settings: TripleSettings) -> ExtensionCatalog {
    var catalog = builtIn
    catalog.registerTriple(settings)
    return catalog
  }
}

extension DubboConfiguration {
  /// The largest values of all entries, for one protocol serves all of them.
  fileprivate var tripleSettings: TripleSettings {
    var settings = TripleSettings()
    if let size = protocols.compactMap(\.maximumMessageSize).max() {
      settings.server.maxMessageSize = size
      settings.client.maxMessageSize = size
    }
    if let count = protocols.compactMap(\.maximumConnections).max() { settings.server.maxConnections = count }
    return settings
  }
}

extension ProtocolConfiguration {
  /// Where it listens: `tri://0.0.0.0:50051`.
  public var url: DubboURL {
    DubboURL(scheme: name, host: host ?? "0.0.0.0", port: port)
  }
}

extension ApplicationConfiguration {
  fileprivate var urlParameters: URLParameters {
    var parameters: URLParameters = [:]
    parameters["application.version"] = version
    parameters["organization"] = organization
    parameters["owner"] = owner
    parameters["environment"] = environment
    parameters["module"] = module
    return parameters
  }
}
