internal import DubboCluster
internal import DubboCore
internal import DubboYAML

extension DubboConfiguration {
  /// The load balances, strategies, mergers, compressors, routers, filters and serializations that services and references name
  /// and that these extensions do not have, a sentence each with the place where they are named.
  func unknownParts(with extensions: ExtensionCatalog) -> [String] {
    let entries =
      [("provider", otherServices?.urlParameters ?? [:]), ("consumer", otherReferences?.urlParameters ?? [:])]
      + services.map { ("provider.services.\($0.id)", $0.urlParameters.without(otherServices?.parameters)) }
      + references.map { ("consumer.references.\($0.id)", $0.urlParameters.without(otherReferences?.parameters)) }
    return entries.flatMap { place, parameters in
      parameters.flatMap { element in
        Self.unknownParts(element.name, element.value, extensions).map { "dubbo.\(place).\(element.name): \($0)" }
      }
    }
  }

  private static func unknownParts(_ name: String, _ value: String, _ extensions: ExtensionCatalog) -> [String] {
    func means(_ key: String) -> Bool { name == key || name.hasSuffix(".\(key)") }
    if means(LoadBalanceKey.name) { return unknown([value], LoadBalances.self, extensions) }
    if means(ClusterKey.name) { return unknown([value], Clusters.self, extensions) }
    if means(MergerKey.name) { return unknown([value].filter { $0 != "false" }, Mergers.self, extensions) }
    if name == CompressorKey.name { return unknown([value].filter { $0 != "identity" }, Compressions.self, extensions) }
    let names = value.split(separator: ",").map { String($0.trimmingBlanks()) }
    if name == SerializationKey.name { return unknownSerialization(value, extensions) }
    if name == PreferSerializationKey.name { return names.flatMap { unknownSerialization($0, extensions) } }
    if name == Routers.name { return unknown(names, Routers.self, extensions) }
    guard ["filter", "reference.filter", "service.filter"].contains(name) else { return [] }
    return unknown(FilterChain.names(value, builtIn: []), Filters.self, extensions)
  }

  /// With all names that there are, for they are few and seldom alike. `protobuf` says what stubs write.
  private static func unknownSerialization(_ name: String, _ extensions: ExtensionCatalog) -> [String] {
    guard !name.isEmpty, name != PayloadFormat.protobuf.description else { return [] }
    do throws(UnknownExtension) {
      _ = try extensions.factory(name, for: Serializations.self)
      return []
    } catch {
      return ["\(error)"]
    }
  }

  private static func unknown<Point: ExtensionPoint>(
    _ names: [String], _ point: Point.Type, _ extensions: ExtensionCatalog
  ) -> [String] {
    names.filter { !$0.isEmpty }.compactMap { name -> String? in
      do throws(UnknownExtension) {
        _ = try extensions.factory(name, for: point)
        return nil
      } catch {
        guard let nearest = YAMLName.nearest(to: name, among: error.known) else { return "\(error)" }
        return "no \(Point.name) is called \(quotedText(name)); did you mean \(quotedText(nearest))?"
      }
    }
  }
}

extension URLParameters {
  /// Those that `others` does not have with the same value.
  fileprivate func without(_ others: URLParameters?) -> URLParameters {
    var rest = self
    rest.removeAll { others?[$0.name] == $0.value }
    return rest
  }
}
