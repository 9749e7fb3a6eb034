internal import DubboCore
internal import DubboRegistry
internal import Synchronization

/// What an application offers: opens the ports, then registers; unregisters, then leaves the ports to their protocols.
final class ServiceExports: Sendable {
  private struct State {
    var exports: [(exporter: any Exporter, registries: [String]?)] = []
    var registrations: [(registry: any Registry, url: DubboURL)] = []
  }

  private let application: DubboApplication
  private let registries: ApplicationRegistries
  private let protocols: ApplicationProtocols
  private let state = Mutex(State())

  init(_ application: DubboApplication, registries: ApplicationRegistries, protocols: ApplicationProtocols) {
    self.application = application
    self.registries = registries
    self.protocols = protocols
  }

  /// Where the services can be called.
  var urls: [DubboURL] { state.withLock { $0.exports.map(\.exporter.url) } }

  /// Opens every port, then registers every service: nobody finds what does not accept yet.
  func start() async throws {
    guard !application.services.isEmpty else { return }
    guard !application.protocols.isEmpty else {
      throw DubboError(
        .invalidArgument, "\(application.name) provides services on no protocol; give it one, such as tri://0.0.0.0:0",
        reason: .configuration)
    }
    for text in application.protocols {
      let services = application.services.filter { $0.protocols?.contains(text) ?? true }
      if !services.isEmpty { try await export(services, at: DubboURL.configured(text, as: "protocol")) }
    }
    for (exporter, chosen) in state.withLock({ $0.exports }) {
      for registry in try await registries.all(chosen) { try await register(exporter.url, in: registry) }
    }
  }

  private func export(_ services: [ProvidedService], at listening: DubboURL) async throws {
    let rpc = try protocols.named(listening.scheme)
    var listening = listening
    for service in services {
      let invoker = try ServerStack.invoker(for: service, application)
      let url = application.providerURL(of: service, at: listening)
      let exporter = try await rpc.export(invoker, methods: service.methods, at: url)
      state.withLock { $0.exports.append((exporter, service.registries)) }
      // Port 0 was any; the services that follow share the one that was bound.
      listening.port = exporter.url.port
      application.log.info("provides", ["service": service.key, "at": exporter.url.address])
    }
  }

  private func register(_ url: DubboURL, in registry: any Registry) async throws {
    let provider = application.registered(url)
    do {
      try await registry.register(provider)
      state.withLock { $0.registrations.append((registry, provider)) }
    } catch {
      guard !registry.url.check else { throw error }
      application.log.warning("not registered", ["registry": registry.url, "error": "\(error)"])
    }
  }

  /// Takes every service out of every registry; true when there was one to take out.
  func unregister() async -> Bool {
    let registrations = state.withLock { state in
      defer { state.registrations = [] }
      return state.registrations
    }
    await withDiscardingTaskGroup { [clock = application.clock, log = application.log] group in
      for (registry, url) in registrations {
        group.addTask {
          do {
            // A registry that does not answer must not keep the application from ending.
            try await withDeadline(clock.now.advanced(by: .seconds(2)), clock: clock) {
              try await registry.unregister(url)
            }
          } catch {
            log.warning("not unregistered; consumers notice late", ["registry": registry.url, "error": "\(error)"])
          }
        }
      }
    }
    return !registrations.isEmpty
  }
}
