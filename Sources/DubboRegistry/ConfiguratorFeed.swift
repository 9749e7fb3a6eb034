package import DubboCore

/// The override rules that a registry holds as URLs, by the interface that they are about.
package typealias ConfiguratorFeed = Feed<String, [DubboURL]>

extension ConfiguratorFeed {
  /// What a rule about every service names as its interface.
  package static let everyInterface = "*"

  /// The rules about `service`, present and future.
  package func subscribe(to service: ServiceKey) -> AsyncStream<[DubboURL]> {
    values(of: service.interface)
  }

  /// Hands `all`, the rules by interface, to whoever has not got them yet.
  package func publish(_ all: [String: [DubboURL]]) {
    for interface in topics {
      let urls = (all[Self.everyInterface] ?? []) + (all[interface] ?? [])
      publish(for: interface) { last in last == urls ? nil : urls }
    }
  }
}

extension DubboURL {
  /// Whether a registry holds the URL as a rule and not as a provider.
  package var isConfigurator: Bool {
    category == "configurators" || scheme == "override" || scheme == "absent"
  }
}
