package import DubboCluster
package import DubboCore
internal import Synchronization

/// Keeps the override rules about a service that is provided current: those of a config center and those that its
/// registries hold as URLs, as one set.
package final class OverrideWatch: Sendable {
  private let service: ServiceKey
  private let registries: [AsyncStream<[DubboURL]>]
  private let center: RuleWatch?
  private let bell = Doorbell()
  private let sources: Mutex<OverrideSources>

  /// - Parameter application: the name of the one that provides.
  package init(
    service: ServiceKey, application: String, center: (any ConfigCenter)?, registries: [any Registry], log: Log
  ) {
    self.service = service
    self.registries = registries.compactMap { $0.configurators(of: service) }
    self.center = center.map { center in
      RuleWatch(service: service, consumer: application, center: center, log: log, onlyOverrides: true)
    }
    sources = Mutex(OverrideSources(registries: self.registries.count))
  }

  /// Whether anybody could ever have a rule.
  package static func canChange(
    _ service: ServiceKey, center: (any ConfigCenter)?, registries: [any Registry]
  ) -> Bool {
    center != nil || registries.contains { $0.configurators(of: service) != nil }
  }

  /// Watches until the task is cancelled; `apply` gets all rules after each change, one call after another.
  package func run(_ apply: (OverrideSet) async -> Void) async {
    await withTaskGroup(of: Void.self) { group in
      if let center {
        group.addTask { await center.run { book in self.put { $0.ofCenter = book.overrides } } }
      }
      for (place, registry) in registries.enumerated() {
        group.addTask {
          for await urls in registry { self.put { $0.ofRegistries[place] = urls } }
        }
      }
      while !Task.isCancelled {
        await bell.wait()
        await apply(sources.withLock { $0.joined })
      }
      group.cancelAll()
    }
  }

  private func put(_ edit: (inout OverrideSources) -> Void) {
    sources.withLock { edit(&$0) }
    bell.ring()
  }
}
