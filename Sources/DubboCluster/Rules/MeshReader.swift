internal import DubboYAML

/// Reads the documents of a mesh rule.
enum MeshReader {
  private enum Kind {
    case virtualService
    case destinationRule
  }

  /// Adds what a document says; false when something is wrong with it.
  static func read(_ reader: YAMLReader, into rules: inout MeshRules) -> Bool {
    guard let fields = reader.fields("a mesh rule") else { return false }
    fields.require("kind")
    fields.require("spec")
    _ = fields["apiVersion"]
    _ = fields["metadata"]
    let kind: Kind? = fields.choice("kind", ["VirtualService": .virtualService, "DestinationRule": .destinationRule])
    let spec = fields.fields("spec", as: "spec")
    fields.finish()
    guard let kind, let spec else { return false }
    defer { spec.finish() }
    switch kind {
    case .destinationRule:
      _ = spec["host"]
      spec.ignore("trafficPolicy", because: "the load balance is the reference's")
      return append(spec.list("subsets"), to: &rules.subsets, subset)
    case .virtualService:
      _ = spec["hosts"]
      return append(spec.list("dubbo"), to: &rules.routes, route)
    }
  }

  /// Adds what `read` makes of the items; false when it fails for one.
  static func append<Value>(_ items: [YAMLReader], to values: inout [Value], _ read: (YAMLReader) -> Value?) -> Bool {
    let made = items.map(read)
    values += made.compactMap { $0 }
    return made.allSatisfy { $0 != nil }
  }

  private static func subset(_ reader: YAMLReader) -> MeshRules.Subset? {
    guard let fields = reader.fields("a subset") else { return nil }
    fields.require("name")
    let name = fields.string("name")
    var labels: [String: String] = [:]
    for entry in fields.entries("labels") { labels[entry.key] = entry.value.string() }
    fields.finish()
    return name.map { MeshRules.Subset(name: $0, labels: labels) }
  }

  private static func route(_ reader: YAMLReader) -> MeshRules.Route? {
    guard let fields = reader.fields("a route") else { return nil }
    _ = fields["name"]
    var route = MeshRules.Route(services: [], details: [])
    let isSound = append(fields.list("services"), to: &route.services, StringMatch.read)
    let hasDetails = append(fields.list("routedetail"), to: &route.details, detail)
    fields.finish()
    return isSound && hasDetails ? route : nil
  }

  private static func detail(_ reader: YAMLReader) -> MeshRules.Detail? {
    guard let fields = reader.fields("a route's detail") else { return nil }
    var detail = MeshRules.Detail(name: fields.string("name") ?? "", when: [], destinations: [], isForced: false)
    var requests: [[ConditionExpression.Pair]] = []
    let isSound = append(fields.list("match"), to: &requests, MeshMatchReader.request)
    detail.when = requests.flatMap { $0 }
    let hasDestinations = append(fields.list("route"), to: &detail.destinations, destination)
    detail.isForced = fields.bool("throwExceptionIfNotMatched") ?? false
    fields.finish()
    return isSound && hasDestinations ? detail : nil
  }

  private static func destination(_ reader: YAMLReader) -> MeshRules.Destination? {
    guard let fields = reader.fields("a destination") else { return nil }
    fields.require("destination")
    // Java takes a missing weight, and zero, for one.
    let weight = max(1, fields.integer("weight", in: 0...1_000_000) ?? 1)
    let subsets = fields["destination"].flatMap { subsetNames($0) }
    fields.finish()
    return subsets.map { MeshRules.Destination(subsets: $0, weight: weight) }
  }

  /// `{host: shop, subset: gray, fallback: {destination: {subset: stable}}}`, the fallback also without the word
  /// `destination`.
  private static func subsetNames(_ reader: YAMLReader) -> [String]? {
    guard let fields = reader.fields("a destination") else { return nil }
    _ = fields["host"]
    _ = fields["port"]
    _ = fields["weight"]
    if let inner = fields["destination"] {
      fields.finish()
      return subsetNames(inner)
    }
    fields.require("subset")
    let name = fields.string("subset")
    var names: [String]? = []
    if let fallback = fields["fallback"], !fallback.isNull { names = subsetNames(fallback) }
    fields.finish()
    guard let name, let names else { return nil }
    return [name] + names
  }
}
