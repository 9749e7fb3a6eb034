public import DubboCluster
public import DubboCore

/// One application: the services that it provides, the registries where they are found, and the services that it calls.
///
///     var app = DubboApplication(name: "greeter", registries: ["file:///tmp/dubbo"])
///     app.provide(GreeterProvider(), version: "1.0.0")
///     try await app.run()
///
/// A value that says what shall be; `run` makes it be, for as long as it runs. Nothing is shared between two
/// applications of one process but what their `extensions` share.
public struct DubboApplication: Sendable {
  /// The name under which registries, peers and logs know the application.
  public var name: String
  /// Where services are offered: `tri://0.0.0.0:50051`; port 0 takes any. A path means nothing here, parameters are
  /// those of each service. Not used while nothing is provided.
  public var protocols: [String]
  /// Where providers make themselves known and consumers look: `file:///tmp/dubbo`. `?check=false` starts without a
  /// registry that is not there.
  public var registries: [String]
  /// Where rules come from while the application runs: `file:///etc/dubbo`. Nil for nowhere.
  public var configCenter: String?
  /// The registries, protocols, clusters, load balances and filters that URLs and parameters can name.
  public var extensions: ExtensionCatalog
  /// How much memory requests with streams may take, in bytes and all calls of the application together, until it is
  /// certain that they need not be sent to another provider. Each of them holds 64 KiB at most. A call that finds no room
  /// goes on, and is not tried again once it has begun.
  public var replayMemory = 64 << 20
  /// How the application ends.
  public var shutdown = ShutdownOptions()
  /// Parameters of every service that is provided (`provider`), such as `timeout`, `weight`, `filter`.
  public var providerParameters: URLParameters = [:]
  /// Parameters of every service that is called (`consumer`), such as `timeout`, `retries`, `loadbalance`, `filter`.
  public var consumerParameters: URLParameters = [:]
  /// How its services are offered: over TLS only, on every port. Nil for in clear.
  public var serverTLS: TLSFiles?
  /// How it calls: every provider over TLS, with certificates of these files. Nil: those whose URLs have
  /// `ssl-enabled=true`, with the system's trusted certificates; the others in clear.
  public var clientTLS: TLSFiles?
  /// How often the files of both are looked at for changes while the application runs. New connections use what is there;
  /// files that cannot be used are reported, and the last ones stay. Nil for never.
  public var certificatePoll: Duration? = .seconds(10)
  /// Which providers calls may go to: routing rules, and routers of the application's own. They work beside those of the
  /// configuration file and of the config center.
  public var rules = RuleSet()
  /// The host that registries give to consumers; nil for `DUBBO_IP_TO_REGISTRY`, else the address that a protocol
  /// listens on, else this machine's.
  public var advertisedHost: String?
  public var log: Log
  public var clock: any DubboClock
  /// Called by `run` when every service accepts calls and is registered.
  public var onReady: @Sendable (RunningApplication) async throws -> Void = { _ in }

  /// How often the configuration file, where there is one, is looked at for changes while the application runs: its
  /// routing rules apply at once, and the log says what else changed and needs a restart. Nil for never.
  public var configurationPoll: Duration?

  /// What a file and the environment say of services and references; empty when the code says everything.
  var configuration = DubboConfiguration()
  private(set) var services: [ProvidedService] = []
  /// What `token=true` stands for.
  let generatedToken =
    String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)

  public init(
    name: String, protocols: [String] = ["tri://0.0.0.0:50051"], registries: [String] = [],
    extensions: ExtensionCatalog = .builtIn, log: Log = Log(label: "dubbo"), clock: any DubboClock = SystemClock()
  ) {
    self.name = name
    self.protocols = protocols
    self.registries = registries
    self.extensions = extensions
    self.log = log
    self.clock = clock
  }

  /// Offers `service`, whatever kind of invoker it is, as `key` on each of the application's protocols.
  ///
  /// - Parameter parameters: of this service's URL, over those of `providerParameters`. `serialization` names the format
  ///   of its messages, protobuf if it is not there; one that the application does not have fails the start.
  public mutating func provide(
    _ service: any Invoker, methods: [MethodDescriptor], as key: ServiceKey, parameters: URLParameters = [:]
  ) {
    let entry = configuration.service(for: key.interface, group: key.group, version: key.version)
    provide(service, methods: methods, as: key, parameters: parameters, entry)
  }

  mutating func provide(
    _ service: any Invoker, methods: [MethodDescriptor], as key: ServiceKey, parameters: URLParameters,
    _ entry: ServiceConfiguration?, format: PayloadFormat? = nil, codable: (any CodableService)? = nil
  ) {
    var all = entry?.urlParameters ?? [:]
    for parameter in parameters { all[parameter.name] = parameter.value }
    services.append(
      ProvidedService(
        key: key, invoker: service, methods: methods, parameters: all, format: format, codable: codable,
        configuredAs: entry?.id,
        protocols: entry.flatMap { configuration.protocolURLs($0.protocolIDs) },
        registries: entry.flatMap { $0.isRegistered ? configuration.registryURLs($0.registryIDs) : [] }))
  }

  /// Runs the application as the process's main job: provides its services until SIGTERM or SIGINT comes or the task
  /// is cancelled, then takes them out of the registries, lets running calls end, and closes.
  ///
  /// Throws `DubboError` when something cannot start; what had started is stopped again.
  public func run() async throws {
    try await run { running in
      try await onReady(running)
      try await TerminationSignal.wait()
      log.info("the application ends", ["application": name])
    }
  }

  /// Runs the application while `body` runs, which gets it running: services accept calls and are registered, clients
  /// can be made. All of it ends, in order, when `body` returns, throws, or is cancelled.
  public func run<Result: Sendable>(
    _ body: (RunningApplication) async throws -> Result
  ) async throws -> Result {
    let running = RunningApplication(self)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await running.tasks.run() }
      do {
        try await running.start()
        let result = try await body(running)
        await running.stop()
        return result
      } catch {
        await running.stop()
        throw error
      }
    }
  }
}

/// A service that an application offers.
struct ProvidedService: Sendable {
  var key: ServiceKey
  var invoker: any Invoker
  var methods: [MethodDescriptor]
  var parameters: URLParameters
  /// What its messages are in; nil for what its URL says, until it is offered.
  var format: PayloadFormat?
  /// The service itself, where its URL says what its values are written in.
  var codable: (any CodableService)?
  /// The id of the entry of the configuration that holds for it.
  var configuredAs: String?
  /// Those of the application's protocols that serve it; nil for all.
  var protocols: [String]?
  /// Those of the application's registries that list it; nil for all.
  var registries: [String]?
}

/// How an application ends: unregister, wait, drain, close.
public struct ShutdownOptions: Sendable {
  /// How long calls are still served after the registries were told, so that every consumer has learnt of it (Dubbo's
  /// `dubbo.service.shutdown.wait`). Not waited for without a registry.
  public var notificationWait: Duration
  /// How long running calls may take to end after that.
  public var grace: Duration

  public init(notificationWait: Duration = .seconds(3), grace: Duration = .seconds(10)) {
    self.notificationWait = notificationWait
    self.grace = grace
  }
}
