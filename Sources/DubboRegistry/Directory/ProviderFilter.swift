internal import DubboCore

/// Which of the URLs in a registry a consumer can call, and how it does.
struct ProviderFilter: Sendable {
  /// Why URLs were left out, counted.
  struct Rejections: Sendable, Hashable {
    var otherService = 0
    /// Some of the services of this interface that were found in place of the wanted one, and of the protocols.
    var services: Set<String> = []
    var schemes: Set<String> = []
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
        if url.category == CategoryKey.defaultValue, rejections.services.count < 3 {
          rejections.services.insert(ServiceKey(url).description)
        }
      } else if !protocols.contains(url.scheme) || !speaksWantedProtocol(url) {
        rejections.otherProtocol += 1
        if rejections.schemes.count < 3 { rejections.schemes.insert(url.scheme) }
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

  /// What was found in place of providers that can be called, for people; empty when there was nothing.
  func found(_ rejections: Rejections) -> String {
    var parts: [String] = []
    if !rejections.schemes.isEmpty {
      let wanted = consumer["protocol"].flatMap { $0.isEmpty ? nil : $0 } ?? protocols.sorted().joined(separator: ", ")
      let spoken = rejections.schemes.sorted().joined(separator: ", ")
      parts.append("\(rejections.otherProtocol) that speak \(spoken) and not \(wanted)")
    }
    if !rejections.services.isEmpty {
      parts.append("providers of \(rejections.services.sorted().joined(separator: ", "))")
    }
    if rejections.disabled > 0 { parts.append("\(rejections.disabled) that are disabled") }
    return parts.joined(separator: "; ")
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
