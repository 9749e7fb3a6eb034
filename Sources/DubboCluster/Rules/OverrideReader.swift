internal import DubboCore
internal import DubboYAML

/// Reads the entries of an override rule.
enum OverrideReader {
  enum Outcome {
    case entry(OverrideRules.Entry)
    case disabled
    case malformed
  }

  static func entry(_ reader: YAMLReader) -> Outcome {
    guard let fields = reader.fields("an entry") else { return .malformed }
    var isSound = true
    let side: Side?? = fields.choice("side", ["provider": Side.provider, "consumer": .consumer])
    let addresses = addressList(fields["addresses"], &isSound)
    let providerAddresses = addressList(fields["providerAddresses"], &isSound)
    var services = words(fields, "services")
    var applications = words(fields, "applications")
    let type = fields.string("type") ?? "general"
    let isEnabled = fields.bool("enabled") ?? true
    var parameters = URLParameters()
    for entry in fields.entries("parameters") {
      if let value = entry.value.plainText() { parameters[entry.key == "tag" ? "dubbo.tag" : entry.key] = value }
    }
    if parameters.isEmpty {
      reader.error("an entry needs parameters to set, such as {timeout: 3000}")
      isSound = false
    }
    var entry = OverrideRules.Entry(parameters: parameters)
    if let match = fields.fields("match", as: "match") {
      entry.match = parameterMatches(match, &isSound)
      services += oneOf(match["service"], &isSound)
      applications += oneOf(match["application", "app"], &isSound)
      entry.addresses = addressMatch(match["address"], &isSound)
      entry.providerAddresses = addressMatch(match["providerAddress"], &isSound)
      match.finish()
    }
    fields.finish()
    guard isSound else { return .malformed }
    entry.side = side ?? nil
    entry.addresses += addresses
    entry.providerAddresses += providerAddresses
    entry.services = services
    entry.applications = applications
    // `enabled` counts for entries that the console makes (weight, disabled…), as Dubbo has it.
    return type != "general" && !isEnabled ? .disabled : .entry(entry)
  }

  private static func addressList(_ reader: YAMLReader?, _ isSound: inout Bool) -> [AddressPattern] {
    var patterns: [AddressPattern] = []
    for item in reader?.list() ?? [] {
      guard let text = item.string() else { continue }
      if text == "0.0.0.0" || text == "*" { return [] }
      append(text, item, to: &patterns, &isSound)
    }
    return patterns
  }

  /// `{wildcard: "10.*.*.*"}`, `{cidr: "10.0.0.0/8"}` or `{exact: "10.0.0.7"}`.
  private static func addressMatch(_ reader: YAMLReader?, _ isSound: inout Bool) -> [AddressPattern] {
    guard let reader, let fields = reader.fields("an address match") else { return [] }
    var patterns: [AddressPattern] = []
    for name in ["wildcard", "cidr", "exact"] {
      if let text = fields.value([name])?.string() { append(text, reader, to: &patterns, &isSound) }
    }
    fields.finish()
    return patterns
  }

  private static func append(
    _ text: String, _ reader: YAMLReader, to patterns: inout [AddressPattern], _ isSound: inout Bool
  ) {
    do {
      patterns.append(try AddressPattern(text))
    } catch {
      reader.error(error.message)
      isSound = false
    }
  }

  private static func words(_ fields: YAMLFields, _ name: String) -> [StringMatch] {
    let words = fields.value([name])?.strings() ?? []
    return words.contains("*") ? [] : words.map(StringMatch.exact)
  }

  private static func oneOf(_ reader: YAMLReader?, _ isSound: inout Bool) -> [StringMatch] {
    guard let reader, let fields = reader.fields("a match") else { return [] }
    let items = fields.list("oneof")
    let matches = items.compactMap(StringMatch.read)
    if matches.count != items.count { isSound = false }
    fields.finish()
    return matches
  }

  private static func parameterMatches(_ match: YAMLFields, _ isSound: inout Bool) -> [TagRules.ParameterMatch] {
    match.list("param").compactMap { item in
      guard let fields = item.fields("a parameter match") else { return nil }
      fields.require("key")
      fields.require("value")
      defer { fields.finish() }
      guard let key = fields.string("key"), let value = fields["value"].flatMap(StringMatch.read) else {
        isSound = false
        return nil
      }
      return TagRules.ParameterMatch(key: key, value: value)
    }
  }
}
