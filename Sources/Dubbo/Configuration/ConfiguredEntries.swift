internal import DubboCore

extension DubboConfiguration {
  /// The entry that holds for a service: the one with its interface, else the one whose key names it, else what holds
  /// for all.
  func service(for interface: String, type: String? = nil, group: String?, version: String?) -> ServiceConfiguration? {
    services.first { entry in
      Self.matches(entry.interface, entry.id, interface, type, suffixes: ["Provider", "Service", "Server", "Impl"])
        && Self.agrees(entry.group, group) && Self.agrees(entry.version, version)
    } ?? otherServices
  }

  /// The entry that holds for calling a service, found in the same way.
  func reference(for interface: String, group: String?, version: String?) -> ReferenceConfiguration? {
    references.first { entry in
      Self.matches(entry.interface, entry.id, interface, nil, suffixes: ["Client", "ClientImpl", "Service"])
        && Self.agrees(entry.group, group) && Self.agrees(entry.version, version)
    } ?? otherReferences
  }

  /// An entry without an interface is meant by its key: the interface, the provider's type, or the last part of the
  /// interface's name with one of the usual endings (`GreeterProvider`, `GreeterClientImpl`).
  private static func matches(
    _ entryInterface: String?, _ id: String, _ interface: String, _ type: String?, suffixes: [String]
  ) -> Bool {
    if let entryInterface, !entryInterface.isEmpty { return entryInterface == interface }
    let short = interface.split(separator: ".").last.map(String.init) ?? interface
    return id == interface || id == type || id == short || suffixes.contains { id == short + $0 }
  }

  /// Code that says nothing takes what the entry says.
  private static func agrees(_ entry: String?, _ code: String?) -> Bool {
    code == nil || entry == nil || entry == code
  }

  /// Where the calls of a reference go: its addresses, else a direct route of its interface, else its registries.
  func source(for interface: String, _ entry: ReferenceConfiguration?) -> ProviderSource {
    if let entry, !entry.urls.isEmpty { return ProviderSource(providers: entry.urls) }
    if let route = routers.directRoutes.first(where: { $0.interface == interface }) {
      return ProviderSource(providers: route.urls)
    }
    return ProviderSource(registries: registryURLs(entry?.registryIDs ?? []))
  }

  /// The URLs of the registries with these ids, as `DubboApplication.registries` has them; nil for all.
  func registryURLs(_ ids: [String]) -> [String]? {
    ids.isEmpty ? nil : registries.filter { ids.contains($0.id) }.map(\.url.text)
  }

  /// The URLs of the protocols with these ids, as `DubboApplication.protocols` has them; nil for all.
  func protocolURLs(_ ids: [String]) -> [String]? {
    ids.isEmpty ? nil : protocols.filter { ids.contains($0.id) }.map(\.url.text)
  }
}

/// Where an application looks for the providers of a service.
struct ProviderSource: Sendable, Hashable {
  /// Called directly; empty for asking registries.
  var providers: [DubboURL] = []
  /// The registries that are asked; nil for all of the application's.
  var registries: [String]?
}
