package import DubboCore

/// The override rules that hold at present, in the order in which they are applied: URLs of registries first, then rules
/// of applications, so that those of a service have the last word; filling before overriding.
package struct OverrideSet: Sendable, Hashable {
  private var rules: [OverrideRules] = []

  package init() {}

  package init(_ rules: [OverrideRules]) {
    let enabled = rules.filter(\.head.isEnabled)
    self.rules = enabled.filter { $0.head.scope == .application } + enabled.filter { $0.head.scope == .service }
  }

  /// These rules, and before them those that registries hold as URLs: of the URLs those that name a host after those
  /// that name none, and of two alike the one with the higher `priority` last, as in Dubbo Java. What is no override URL is
  /// left out.
  package func adding(configurators urls: [DubboURL]) -> OverrideSet {
    let rules = urls.enumerated().compactMap { place, url in
      OverrideRules(url).map { (rule: $0, order: (url.host == "0.0.0.0" ? 0 : 1, $0.head.priority, place)) }
    }
    guard !rules.isEmpty else { return self }
    var joined = self
    joined.rules = rules.sorted { $0.order < $1.order }.map(\.rule).filter(\.head.isEnabled) + self.rules
    return joined
  }

  package var isEmpty: Bool { rules.isEmpty }

  /// `url` with what the rules set.
  ///
  /// - Parameters:
  ///   - side: whose URL it is here: a provider's own when it exports, a consumer's when it calls.
  ///   - service: the service that the URL is about.
  ///   - localHost: the consumer's address; a provider's is in its URL.
  ///   - provider: on a consumer, the provider that the URL is for; nil for the consumer's own URL.
  package func applied(
    to url: DubboURL, side: Side, service: ServiceKey, localHost: String, provider: DubboURL? = nil
  ) -> DubboURL {
    guard !rules.isEmpty else { return url }
    var result = url
    for fills in [true, false] {
      for rule in rules where Self.isAbout(rule, url, service) {
        for entry in rule.entries where entry.fillsOnly == fills {
          let host = side == .provider ? url.host : localHost
          let port = side == .provider ? url.port : nil
          guard entry.isAbout(url, side, service, host, port, provider) else { continue }
          for element in entry.parameters where !OverrideRules.untouchable.contains(element.name) {
            if !fills || result[element.name] == nil { result[element.name] = element.value }
          }
        }
      }
    }
    return result
  }

  private static func isAbout(_ rule: OverrideRules, _ url: DubboURL, _ service: ServiceKey) -> Bool {
    switch rule.head.scope {
    case .service: rule.head.isAbout(service)
    case .application: rule.head.key.isEmpty || rule.head.key == url.application
    }
  }
}

extension OverrideRules.Entry {
  fileprivate func isAbout(
    _ url: DubboURL, _ wantedSide: Side, _ service: ServiceKey, _ host: String, _ port: UInt16?, _ provider: DubboURL?
  ) -> Bool {
    if let side, side != wantedSide { return false }
    if !addresses.isEmpty, !addresses.contains(where: { $0.fits(host: host, port: port) }) { return false }
    if !providerAddresses.isEmpty {
      guard let provider = provider ?? (wantedSide == .provider ? url : nil) else { return false }
      guard providerAddresses.contains(where: { $0.fits(host: provider.host, port: provider.port) }) else {
        return false
      }
    }
    let names = [service.interface, service.description, service.colonText]
    if !services.isEmpty, !services.contains(where: { match in names.contains(where: match.fits) }) { return false }
    if !applications.isEmpty, !applications.contains(where: { $0.fits(url.application) }) { return false }
    return match.allSatisfy { $0.value.fits(url.fact($0.key)) }
  }
}
