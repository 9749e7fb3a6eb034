internal import DubboCore

extension DubboApplication {
  /// The version of this framework, as registries name it.
  static let release = "dubbo-swift-0.1.0"

  /// The URL of `service` at the address of `listening`, with what Java's and Go's consumers look for.
  func providerURL(of service: ProvidedService, at listening: DubboURL) -> DubboURL {
    var url = listening
    url.path = service.key.interface
    url.parameters = [
      "application": name, "interface": service.key.interface, "side": "provider", "dubbo": "2.0.2",
      "release": Self.release, "dynamic": "true", "generic": "false", "deprecated": "false",
      "timestamp": String(clock.wallMilliseconds),
    ]
    url.methods = service.methods.map(\.name)
    url.group = service.key.group
    url.version = service.key.version
    for parameter in providerParameters { url[parameter.name] = parameter.value }
    for parameter in listening.parameters { url[parameter.name] = parameter.value }
    for parameter in service.parameters { url[parameter.name] = parameter.value }
    if serverTLS != nil { url[TLSEnabledKey.self] = true }
    url.settleToken(generatedToken)
    if service.format != nil {
      url.serialization = nil
    } else {
      let usual = service.codable == nil ? url.serialization : Self.usualSerialization
      url.serialization = serializationName(in: url) ?? usual
    }
    // A service here has one format; consumers would take what is preferred before it.
    url[PreferSerializationKey.name] = nil
    return url
  }

  /// `exported` as registries get it: with the host that consumers can reach.
  func registered(_ exported: DubboURL) -> DubboURL {
    var url = exported
    url.host = advertisedHost ?? HostAddress.fromEnvironment ?? url.host
    if HostAddress.isWildcard(url.host) { url.host = HostAddress.ofThisMachine ?? "127.0.0.1" }
    return url
  }

  /// The URL of a consumer of `key`, `parameters` over the application's own.
  func consumerURL(of key: ServiceKey, parameters: URLParameters = [:]) -> DubboURL {
    var url = DubboURL(scheme: "consumer", host: "", path: key.interface)
    url.parameters = ["application": name, "interface": key.interface, "side": "consumer"]
    url.group = key.group
    url.version = key.version
    for parameter in consumerParameters { url[parameter.name] = parameter.value }
    for parameter in parameters { url[parameter.name] = parameter.value }
    return url
  }
}
