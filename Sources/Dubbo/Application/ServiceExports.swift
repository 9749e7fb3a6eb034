internal import DubboCore
internal import DubboRegistry
internal import Synchronization

/// What an application offers: opens the ports, then registers; unregisters, then leaves the ports to their protocols.
final class ServiceExports: Sendable {
  private struct Export {
    var service: ExportedService
    var exporter: any Exporter
  }

  private let application: DubboApplication
  private let registries: ApplicationRegistries
  private let protocols: ApplicationProtocols
  private let center: ApplicationConfigCenter
  private let tasks: TaskScope
  private let exports = Mutex<[Export]>([])

  init(
    _ application: DubboApplication, registries: ApplicationRegistries, protocols: ApplicationProtocols,
    center: ApplicationConfigCenter, tasks: TaskScope
  ) {
    self.application = application
    self.registries = registries
    self.protocols = protocols
    self.center = center
    self.tasks = tasks
  }

  /// Where the services can be called.
  var urls: [DubboURL] { exports.withLock { $0.map(\.exporter.url) } }

  /// Opens every port, then registers every service: nobody finds what does not accept yet.
  func start() async throws {
    guard !application.services.isEmpty else { return }
    guard !application.protocols.isEmpty else {
      throw DubboError(
        .invalidArgument, "\(application.name) provides services on no protocol; give it one, such as tri://0.0.0.0:0",
        reason: .configuration)
    }
    let center = try await center.use()
    for text in application.protocols {
      let services = application.services.filter { $0.protocols?.contains(text) ?? true }
      if !services.isEmpty { try await export(services, at: DubboURL.configured(text, as: "protocol")) }
    }
    for export in exports.withLock({ $0 }) {
      let listed = try await registries.all(export.service.service.registries)
      try await export.service.register(application.registered(export.exporter.url), in: listed)
      if OverrideWatch.canChange(export.service.service.key, center: center, registries: listed) {
        tasks.start { await export.service.follow(center, listed) }
      }
    }
  }

  private func export(_ services: [ProvidedService], at listening: DubboURL) async throws {
    var keys: Set<ServiceKey> = []
    for service in services where !keys.insert(service.key).inserted {
      throw DubboError(
        .invalidArgument,
        "\(application.name) provides \(service.key) twice at \(listening.scheme)://\(listening.address), "
          + "and calls could not tell them apart; give one another group, version or protocol", reason: .configuration)
    }
    let made = try services.map { service in
      let url = application.providerURL(of: service, at: listening)
      return try ExportedService(service.settled(at: url, application), at: url, application, tasks)
    }
    let exporters = try await protocols.named(listening.scheme).export(
      made.map { ServiceExport($0.invoker, methods: $0.methods, at: $0.url, format: $0.service.format) })
    for (service, exporter) in zip(made, exporters) {
      service.exported(by: exporter)
      exports.withLock { $0.append(Export(service: service, exporter: exporter)) }
      application.log.info("provides", ["service": service.service.key, "at": exporter.url.address])
    }
  }

  /// Takes every service out of every registry; true when there was one to take out.
  func unregister() async -> Bool {
    let registrations = exports.withLock { $0 }.flatMap { $0.service.withdraw() }
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
