public import DubboCluster
public import DubboCore
internal import DubboRegistry
internal import Synchronization

/// A `DubboApplication` while it runs: makes clients and tells what is offered. Safe to use from any task; after the
/// end its clients' calls fail with `UNAVAILABLE`.
public final class RunningApplication: Sendable {
  let application: DubboApplication
  let tasks = TaskScope()
  let registries: ApplicationRegistries
  let protocols: ApplicationProtocols
  let references: References
  private let exports: ServiceExports
  /// Where the calls come from, for rules about the consumer's host.
  private let host: String
  private let isStopped = Atomic<Bool>(false)

  init(_ application: DubboApplication) {
    self.application = application
    host = application.advertisedHost ?? HostAddress.fromEnvironment ?? HostAddress.ofThisMachine ?? "127.0.0.1"
    registries = ApplicationRegistries(application, tasks: tasks)
    protocols = ApplicationProtocols(application)
    let center = ApplicationConfigCenter(application, tasks: tasks)
    references = References(
      application, registries: registries, protocols: protocols, center: center, tasks: tasks)
    exports = ServiceExports(
      application, registries: registries, protocols: protocols, center: center, tasks: tasks)
  }

  /// The name of the application.
  public var name: String { application.name }

  /// Where each service can be called, with the ports that were bound, in the order in which they were provided.
  public var exported: [DubboURL] { exports.urls }

  /// The first bound port; nil when nothing is provided.
  public var port: UInt16? { exported.first?.port }

  /// What the application's connections hold and have seen, over all its protocols.
  public func metrics() async -> ConnectionMetrics {
    await protocols.metrics()
  }

  /// What carries out the calls of `consumer`: the whole stack of a client. Nothing is connected or looked up before
  /// the first call, unless `consumer` says `lazy=false`.
  ///
  /// - Parameters:
  ///   - consumer: `interface`, `group` and `version` say which service; the other parameters how it is called. Rules
  ///     see its host; without one that is the address that registries would get.
  ///   - provider: the address of a provider to call directly, without a registry.
  public func invoker(for consumer: DubboURL, at provider: DubboURL? = nil) -> any Invoker {
    invoker(for: consumer, from: ProviderSource(providers: provider.map { [$0] } ?? []))
  }

  /// What each router would do with `invocation` at present, and why: waits for providers as a call does, and calls
  /// nobody.
  ///
  /// - Parameter consumer: as for `invoker(for:at:)`.
  public func explainRoutes(
    of invocation: Invocation, for consumer: DubboURL, at provider: DubboURL? = nil
  ) async throws -> RouteExplanation {
    try await explainRoutes(
      of: invocation, for: consumer, from: ProviderSource(providers: provider.map { [$0] } ?? []))
  }

  func explainRoutes(
    of invocation: Invocation, for consumer: DubboURL, from source: ProviderSource
  ) async throws -> RouteExplanation {
    try await references.directory(for: located(consumer), from: source).explain(invocation)
  }

  func invoker(for consumer: DubboURL, from source: ProviderSource) -> LazyReference {
    let reference = LazyReference(consumer: located(consumer), source: source, references: references)
    if !consumer[LazyKey.self] {
      // What goes wrong here goes wrong again, and is told, when the first call comes.
      tasks.start { _ = try? await reference.build() }
    }
    return reference
  }

  private func located(_ consumer: DubboURL) -> DubboURL {
    guard consumer.host.isEmpty else { return consumer }
    var consumer = consumer
    consumer.host = host
    return consumer
  }

  /// Registries first, for without them nothing is found; then ports; then what others may find is published.
  func start() async throws {
    application.logRemarks()
    try await registries.start()
    try await exports.start()
    if let poll = application.certificatePoll, protocols.tls.isUsed {
      tasks.start { [tls = protocols.tls] in await tls.run(every: poll) }
    }
    if let origin = application.configuration.origin, let period = application.configurationPoll {
      let watch = ConfigurationWatch(
        origin: origin, period: period, clock: application.clock, log: application.log)
      tasks.start { [rules = references.rules, own = application.rules] in
        await watch.run { rules.update(own.adding($0)) }
      }
    }
  }

  /// The reverse of `start`; the second time it does nothing.
  func stop() async {
    guard !isStopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
    if await exports.unregister() {
      try? await application.clock.sleep(for: application.shutdown.notificationWait)
    }
    references.close()
    await protocols.shutDown(grace: application.shutdown.grace)
    tasks.finish()
  }
}
