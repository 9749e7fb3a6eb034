public import DubboCore

/// Providers that are known beforehand: `static://0.0.0.0/?urls=tri%3A%2F%2F10.0.0.7%3A50051,…`, each URL
/// percent-encoded, with commas between.
///
/// A URL with a path or an `interface` provides that service; one without provides every service that is asked for. Those
/// with the scheme `override` or `absent` are override rules.
public struct StaticRegistry: Registry {
  public let url: DubboURL
  private let providers: [DubboURL]

  /// Throws `DubboError` when the URL lists no provider or a malformed one.
  public init(url: DubboURL) throws {
    let texts = url[StaticURLsKey.self]
    guard !texts.isEmpty else {
      throw DubboError(
        .invalidArgument, "\(url) lists no provider; give urls=URL,URL with each URL percent-encoded",
        reason: .configuration)
    }
    self.url = url
    providers = try texts.map { text in
      do {
        return try DubboURL(text)
      } catch {
        throw DubboError(.invalidArgument, "\(url) lists \"\(text)\": \(error)", reason: .configuration)
      }
    }
  }

  /// A registry of these providers.
  public init(_ providers: [DubboURL]) {
    url = DubboURL(scheme: "static", host: "0.0.0.0")
    self.providers = providers
  }

  /// Does nothing: what a static registry lists is decided by who wrote it.
  public func register(_ provider: DubboURL) async throws {}

  /// Does nothing.
  public func unregister(_ provider: DubboURL) async throws {}

  public func subscribe(to service: ServiceKey) -> AsyncStream<RegistrySnapshot> {
    let matching = providers.compactMap { provider -> DubboURL? in
      if provider.isConfigurator { return nil }
      guard provider.path.isEmpty, provider.interface == nil else {
        return ServiceKey(provider).interface == service.interface ? provider : nil
      }
      var provider = provider
      provider.path = service.interface
      // Nothing is known of its group and version, so it takes those of whoever asks.
      provider.group = provider.group ?? service.group
      provider.version = provider.version ?? service.version
      return provider
    }
    return Self.lasting(RegistrySnapshot(version: 1, providers: matching))
  }

  public func configurators(of service: ServiceKey) -> AsyncStream<[DubboURL]>? {
    let rules = providers.filter { url in
      url.isConfigurator && [service.interface, ConfiguratorFeed.everyInterface].contains(ServiceKey(url).interface)
    }
    return rules.isEmpty ? nil : Self.lasting(rules)
  }

  /// A stream that says one thing, and lasts.
  private static func lasting<Element: Sendable>(_ element: Element) -> AsyncStream<Element> {
    let (stream, continuation) = AsyncStream.makeStream(of: Element.self, bufferingPolicy: .bufferingNewest(1))
    continuation.yield(element)
    return stream
  }

  /// Only waits.
  public func run() async throws {
    await untilCancelled()
  }
}
