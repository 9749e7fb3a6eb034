public import DubboCore

extension ExtensionCatalog {
  /// Adds the registries of this target: `static://`, `file://` and `memory://`.
  ///
  /// `memory://` is one registry for all who look it up in this catalog; to share one with another application, give
  /// both the same catalog or the same `InMemoryRegistry`.
  public mutating func registerBuiltInRegistries() {
    register("static", for: Registries.self) { url, _ in try StaticRegistry(url: url) }
    register("file", for: Registries.self) { url, context in try FileRegistry(url: url, context: context) }
    let shared = InMemoryRegistry()
    register("memory", for: Registries.self) { _, _ in shared }
  }

  /// Adds the config centers of this target: `file://` and `memory://`, the latter one for all who look it up in this
  /// catalog.
  public mutating func registerBuiltInConfigCenters() {
    register("file", for: ConfigCenters.self) { url, context in try FileConfigCenter(url: url, context: context) }
    let shared = InMemoryConfigCenter()
    register("memory", for: ConfigCenters.self) { _, _ in shared }
  }
}
