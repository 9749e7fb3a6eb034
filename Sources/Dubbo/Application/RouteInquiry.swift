internal import DubboCluster
package import DubboCore

/// The question where one call would go, and why, as `dubboctl route explain` asks it.
package struct RouteInquiry: Sendable {
  package var interface = ""
  package var method = ""
  package var group: String?
  package var version: String?
  /// The name of the calling application; nil for the configuration's.
  package var application: String?
  /// Where the consumer stands; nil for this machine.
  package var host: String?
  /// What is known of the consumer besides: `region=hangzhou`.
  package var parameters: URLParameters = [:]
  package var attachments: [(name: String, value: String)] = []
  package var arguments: [String] = []
  /// Where providers are found: these; else in these registries; else where the configuration says.
  package var providers: [String] = []
  package var registries: [String] = []
  /// Texts of rules under their names.
  package var rules: [(name: String, text: String)] = []
  /// A file whose registries, routers and config center count.
  package var configuration: String?
  /// How long registries and config centers have to tell what they know.
  package var patience: Duration = .seconds(2)

  package init() {}

  /// The explanation as text. Throws what is wrong with the question, or that nobody provides the service.
  package func answer(
    extensions: ExtensionCatalog? = nil, environment: [String: String]? = nil
  ) async throws -> String {
    var asked = DubboApplication(name: application ?? "dubboctl", extensions: extensions ?? .builtIn, log: .silent)
    if let configuration {
      asked = try DubboApplication.load(
        from: configuration, environment: environment, extensions: extensions, log: .silent)
      if let application { asked.name = application }
    }
    if !registries.isEmpty { asked.registries = registries }
    asked.advertisedHost = host
    asked.rules = try RuleSet(reading: rules)
    return try await asked.run { running in try await explanation(by: running) }
  }

  private func explanation(by running: RunningApplication) async throws -> String {
    let application = running.application
    let entry = application.configuration.reference(for: interface, group: group, version: version)
    let key = ServiceKey(interface: interface, group: group ?? entry?.group, version: version ?? entry?.version)
    var all = entry?.urlParameters ?? [:]
    for parameter in parameters { all[parameter.name] = parameter.value }
    let consumer = application.consumerURL(of: key, parameters: all)
    var source = application.configuration.source(for: interface, entry)
    if !registries.isEmpty { source = ProviderSource() }
    if !providers.isEmpty {
      source = ProviderSource(providers: try providers.map { try DubboURL.configured($0, as: "provider") })
    }
    var invocation = Invocation(
      method: MethodDescriptor(service: interface, name: method, kind: .unary), body: .message([]),
      deadline: application.clock.now.advanced(by: patience))
    for (name, value) in attachments { invocation.metadata.add(value, for: name) }
    if !arguments.isEmpty { invocation.argumentTexts = arguments }
    var explanation = try await running.explainRoutes(of: invocation, for: consumer, from: source)
    if source.providers.isEmpty || application.configCenter != nil {
      // Rules and further providers come when they come.
      try await application.clock.sleep(for: patience)
      explanation = try await running.explainRoutes(of: invocation, for: consumer, from: source)
    }
    return explanation.description
  }
}
