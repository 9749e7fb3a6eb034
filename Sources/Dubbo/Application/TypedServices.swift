public import DubboCore

extension DubboApplication {
  /// Offers `service` under its interface's name, in `group` and `version`.
  ///
  /// - Parameter parameters: of this service's URL, such as `["weight": "50", "greet.timeout": "500"]`; for a service
  ///   without a .proto also `serialization`, the name of what its values are written in.
  public mutating func provide(
    _ service: some RoutableService, group: String? = nil, version: String? = nil, parameters: URLParameters = [:]
  ) {
    let invoker = ServiceInvoker(service)
    let codable = service as? any CodableService
    let interface = type(of: service).serviceName
    var entry = configuration.service(
      for: interface, type: "\(type(of: service))", group: group, version: version)
    var parameters = parameters
    if codable == nil {
      // Its stubs write protobuf, whatever a file says of all services.
      entry?.parameters[SerializationKey.name] = nil
      parameters[SerializationKey.name] = nil
    }
    let key = ServiceKey(interface: interface, group: group ?? entry?.group, version: version ?? entry?.version)
    provide(
      invoker, methods: invoker.methods, as: key, parameters: parameters, entry,
      format: codable == nil ? .protobuf : nil, codable: codable)
  }
}

extension RunningApplication {
  /// A client of `service`: lazy, cheap, and usable from any task. Nothing is connected or looked up before its first
  /// call, which waits for a provider until its deadline; with the parameter `lazy: "false"` that begins at once.
  ///
  /// - Parameters:
  ///   - provider: the address of a provider to call without a registry, such as `tri://127.0.0.1:50051`. One that is
  ///     malformed fails each call.
  ///   - parameters: how calls are made, such as `["timeout": "500", "retries": "0", "loadbalance": "p2c"]`.
  public func client<Service: DubboService>(
    for service: Service.Type, group: String? = nil, version: String? = nil, at provider: String? = nil,
    parameters: URLParameters = [:]
  ) -> Service.Client {
    let key = ServiceKey(interface: service.serviceName, group: group, version: version)
    do {
      let (consumer, source) = try called(key, at: provider, parameters: parameters)
      return Service.Client(caller: caller(of: consumer, from: source))
    } catch {
      return Service.Client(
        caller: ServiceCaller(invoker: FailedInvoker(error: DubboError.wrapping(error)), clock: application.clock))
    }
  }

  /// How `key` is called and where its providers are, with what the configuration says of it; throws when `provider` is
  /// malformed.
  func called(
    _ key: ServiceKey, at provider: String?, parameters: URLParameters
  ) throws -> (consumer: DubboURL, source: ProviderSource) {
    let entry = application.configuration.reference(for: key.interface, group: key.group, version: key.version)
    let key = ServiceKey(
      interface: key.interface, group: key.group ?? entry?.group, version: key.version ?? entry?.version)
    var all = entry?.urlParameters ?? [:]
    for parameter in parameters { all[parameter.name] = parameter.value }
    let consumer = application.consumerURL(of: key, parameters: all)
    let named = try provider.map { ProviderSource(providers: [try DubboURL.configured($0, as: "provider")]) }
    return (consumer, named ?? application.configuration.source(for: key.interface, entry))
  }

  /// What makes the calls of `consumer`'s service.
  func caller(
    of consumer: DubboURL, from source: ProviderSource, attributes: Attributes = Attributes()
  ) -> ServiceCaller {
    ServiceCaller(invoker(for: consumer, from: source), attributes: attributes, clock: application.clock)
  }
}

extension ServiceClient {
  /// Calls the provider at `address` while `body` runs, with no registry and no application:
  ///
  ///     try await Greeter.Client.withConnection(to: "tri://host:50051") { greeter in … }
  ///
  /// Parameters of the address say how: `?group=test&version=1.0.0&timeout=500`. The connection ends when `body`
  /// returns.
  ///
  /// - Parameter tls: nil for a connection in clear, unless the address has `ssl-enabled=true`.
  public static func withConnection<Result: Sendable>(
    to address: String, tls: TLSFiles? = nil, extensions: ExtensionCatalog = .builtIn,
    log: Log = Log(label: "dubbo"),
    _ body: (Self) async throws -> Result
  ) async throws -> Result {
    let provider = try DubboURL.configured(address, as: "provider")
    var application = DubboApplication(name: "", extensions: extensions, log: log)
    application.clientTLS = tls
    return try await application.run { [application] running in
      // The generated client knows its interface; the directory of one address needs none.
      let key = ServiceKey(
        interface: provider.interface ?? provider.path, group: provider.group, version: provider.version)
      let consumer = application.consumerURL(of: key, parameters: provider.parameters)
      let reference = running.invoker(for: consumer, from: ProviderSource(providers: [provider]))
      return try await body(Self(caller: ServiceCaller(reference, clock: application.clock)))
    }
  }
}

extension ServiceCaller {
  /// What makes the calls of `reference`, each as long as that says.
  init(_ reference: LazyReference, attributes: Attributes = Attributes(), clock: any DubboClock) {
    self.init(invoker: reference, attributes: attributes, clock: clock) { reference.timeout(of: $0) }
  }
}

/// Fails every call with the reason why it cannot be made.
struct FailedInvoker: Invoker {
  let error: DubboError

  func invoke(_ invocation: Invocation) async throws -> Reply { throw error }
}
