public import DubboCore
internal import DubboCrypto
internal import DubboRegistry

extension DubboConfiguration {
  /// What the configuration asks for and an application with these extensions does not have, a sentence each. An error
  /// is what must not be left undone in silence; a warning is what fails later or is not heeded. An application logs
  /// them when it starts, for until then its program may bring what is missing.
  public func problems(with extensions: ExtensionCatalog) -> [ConfigurationProblem] {
    var problems: [ConfigurationProblem] = []
    func report(_ severity: ConfigurationProblem.Severity, _ message: String) {
      problems.append(ConfigurationProblem(severity, source: file, message))
    }
    for registry in registries {
      let lack = Self.lack(of: registry.url, Registries.self, in: extensions)
      if let lack { report(.warning, "the registry '\(registry.id)' cannot be used: \(lack)") }
    }
    for listener in protocols where !extensions.names(for: RPCProtocols.self).contains(listener.name) {
      let known = extensions.names(for: RPCProtocols.self).joined(separator: ", ")
      report(
        .warning, "the protocol '\(listener.id)' cannot be served: this program speaks \(known), not \(listener.name)")
    }
    for reference in references {
      guard let name = reference.protocolName, !extensions.names(for: RPCProtocols.self).contains(name) else {
        continue
      }
      let known = extensions.names(for: RPCProtocols.self).joined(separator: ", ")
      report(
        .warning,
        "the reference '\(reference.id)' is for providers that speak \(name), and this program speaks \(known)")
    }
    if let center = ruleCenter, let lack = Self.lack(of: center.url, ConfigCenters.self, in: extensions) {
      report(.warning, "rules are not read from the config center at \(center.url.address): \(lack)")
    }
    for sentence in unknownParts(with: extensions) { report(.warning, sentence) }
    if let metadataReport {
      report(.warning, "nothing is reported to \(metadataReport.url.address): there is no metadata report yet")
    }
    for (side, files) in [(TLSOptions.Side.server, serverTLS), (.client, clientTLS)] {
      guard let files, let lack = ApplicationTLS.lack(of: files, for: side) else { continue }
      report(.error, "TLS of the \(side) cannot be used: \(lack)")
    }
    return problems
  }

  /// Where rules come from while the application runs.
  var ruleCenter: ConfigCenterConfiguration? { configCenter ?? routers.configCenter }

  /// The URL of that, if the extensions can read it.
  func usableCenter(with extensions: ExtensionCatalog) -> DubboURL? {
    ruleCenter.flatMap { Self.lack(of: $0.url, ConfigCenters.self, in: extensions) == nil ? $0.url : nil }
  }

  /// Why no extension of this point serves the URL; nil when one does.
  private static func lack<Point: ExtensionPoint>(
    of url: DubboURL, _ point: Point.Type, in extensions: ExtensionCatalog
  ) -> String? {
    do {
      _ = try extensions.factory(forSchemeOf: url, point: point)
      return nil
    } catch {
      return "\(error)"
    }
  }
}
