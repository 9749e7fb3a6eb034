internal import DubboCore

/// Which of the URLs in a registry a consumer can call, and how it does.
struct ProviderFilter: Sendable {
  /// Why URLs were left out, counted.
  struct Rejections: Sendable, Hashable {
    var otherService = 0
    var otherProtocol = 0
    var disabled = 0
    var overLimit = 0
  }

  /// More providers than this are not used.
  static let limit = 10_000

  let service: ServiceKey
  /// The consumer's URL.
  let consumer: DubboURL
  /// The names of the protocols that can be spoken.
  let protocols: Set<String>

  /// The usable ones among `urls` in their order.
  func usable(among urls: [DubboURL]) -> (providers: [DubboURL], rejections: Rejections) {
    var providers: [DubboURL] = []
    var rejections = Rejections()
    for url in urls {
      if url.category != CategoryKey.defaultValue || !ServiceKey(url).answers(service) {
        rejections.otherService += 1
      } else if !protocols.contains(url.scheme) || !speaksWantedProtocol(url) {
        rejections.otherProtocol += 1
      } else if !url.isEnabled || url.isDisabled {
        rejections.disabled += 1
      } else if providers.count == Self.limit {
        rejections.overLimit += 1
      } else {
        providers.append(url)
      }
    }
    return (providers, rejections)
  }

  /// Dubbo's `protocol` parameter: a consumer may insist on one.
  private func speaksWantedProtocol(_ url: DubboURL) -> Bool {
    guard let wanted = consumer["protocol"], !wanted.isEmpty else { return true }
    return wanted == url.scheme
  }

  /// What only the provider can say, or what means something else on a consumer's URL.
  private static let providersOwn: Set<String> = [
    "application", "interface", "group", "version", "side", "category", "methods", "timestamp", "release", "dubbo",
    "dubbo.tag", "weight", "warmup", "pid", "check", "lazy", "protocol", "enabled", "disabled", "dynamic", "token",
  ]

  /// How `provider` is called: its URL with what the consumer's says of calls. Rules do not look at this one but at what
  /// the provider says of itself.
  func merged(_ provider: DubboURL) -> DubboURL {
    var provider = provider
    for parameter in consumer.parameters where !Self.providersOwn.contains(parameter.name) {
      provider[parameter.name] = parameter.value
    }
    return provider
  }
}
