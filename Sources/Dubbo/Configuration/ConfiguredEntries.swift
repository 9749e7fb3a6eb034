internal import DubboCore

/// An entry of the services or of the references: what tells which service it is about.
protocol ConfiguredEntry {
  var id: String { get }
  var interface: String? { get }
  var group: String? { get }
  var version: String? { get }
}

extension ServiceConfiguration: ConfiguredEntry {}
extension ReferenceConfiguration: ConfiguredEntry {}

extension DubboConfiguration {
  /// The entry that holds for a service: the one with its interface, else the one whose key names it, else what holds
  /// for all.
  func service(for interface: String, type: String? = nil, group: String?, version: String?) -> ServiceConfiguration? {
    Self.entry(
      services, for: interface, type, group, version, suffixes: ["Provider", "Service", "Server", "Impl"])
      ?? otherServices
  }

  /// The entry that holds for calling a service, found in the same way.
  func reference(for interface: String, group: String?, version: String?) -> ReferenceConfiguration? {
    Self.entry(references, for: interface, nil, group, version, suffixes: ["Client", "ClientImpl", "Service"])
      ?? otherReferences
  }

  private static func entry<Entry: ConfiguredEntry>(
    _ entries: [Entry], for interface: String, _ type: String?, _ group: String?, _ version: String?,
    suffixes: [String]
  ) -> Entry? {
    entries.first { entry in
      matches(entry.interface, entry.id, interface, type, suffixes: suffixes)
        && agrees(entry.group, group) && agrees(entry.version, version)
    }
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
