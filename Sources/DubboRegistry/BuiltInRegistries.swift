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
}
