internal import DubboYAML

/// Reads which calls a mesh rule means, as the pairs that condition rules are made of.
enum MeshMatchReader {
  private typealias Pair = ConditionExpression.Pair

  /// `{method: …, sourceLabels: …, attachments: …, headers: …}`; all of it must hold.
  static func request(_ reader: YAMLReader) -> [ConditionExpression.Pair]? {
    guard let fields = reader.fields("a match") else { return nil }
    _ = fields["name"]
    var pairs: [Pair] = []
    var isSound = true
    if let method = fields.fields("method", as: "method") {
      isSound = read(method: method, into: &pairs)
    }
    for entry in fields.entries("sourceLabels") {
      guard let text = entry.value.string() else { continue }
      pairs.append(Pair(key: .parameter(entry.key), matches: [.match(.exact(text))]))
    }
    if let attachments = fields.fields("attachments", as: "attachments") {
      if !read(attachments["dubboContext"], into: &pairs) { isSound = false }
      refuse(attachments, ["tracingContext", "eagleeyecontext"], "there is no tracing context to look at", &isSound)
      attachments.finish()
    }
    // An attachment is a header of its call.
    if !read(fields["headers"], into: &pairs) { isSound = false }
    refuse(fields, ["threshold"], "a share of calls is what weights of destinations are for", &isSound)
    fields.finish()
    return isSound ? pairs : nil
  }

  /// `{name_match: …, argc: 2, args: [{index: 0, str_value: {oneof: […]}}]}`
  private static func read(method fields: YAMLFields, into pairs: inout [Pair]) -> Bool {
    var isSound = true
    if let name = fields["name_match"] {
      if let match = StringMatch.read(name) {
        pairs.append(Pair(key: .method, matches: [.match(match)]))
      } else {
        isSound = false
      }
    }
    if let count = fields.integer("argc", in: 0...1_000) {
      pairs.append(Pair(key: .argumentCount, matches: [.match(.exact("\(count)"))]))
    }
    if !MeshReader.append(fields.list("args"), to: &pairs, argument) { isSound = false }
    if !read(fields["headers"], into: &pairs) { isSound = false }
    refuse(fields, ["argp"], "a call does not say the types of its arguments", &isSound)
    fields.finish()
    return isSound
  }

  private static func argument(_ reader: YAMLReader) -> Pair? {
    guard let fields = reader.fields("an argument's match") else { return nil }
    fields.require("index")
    let index = fields.integer("index", in: 0...1_000)
    _ = fields["type"]
    var matches: [StringMatch] = []
    var isSound = true
    if let values = fields.fields("str_value", as: "str_value") {
      isSound = MeshReader.append(values.list("oneof"), to: &matches, StringMatch.read)
      values.finish()
    }
    if let value = fields.fields("bool_value", as: "bool_value") {
      if let flag = value.bool("exact") { matches.append(.exact(flag ? "true" : "false")) }
      value.finish()
    }
    refuse(fields, ["num_value"], "arguments are compared as texts; write str_value", &isSound)
    fields.finish()
    guard isSound, let index else { return nil }
    if matches.isEmpty {
      reader.error("an argument's match needs str_value or bool_value")
      return nil
    }
    return Pair(key: .argument(index), matches: matches.map(ValuePattern.match))
  }

  /// Attachments by name, each with its match.
  private static func read(_ reader: YAMLReader?, into pairs: inout [Pair]) -> Bool {
    var isSound = true
    for entry in reader?.entries() ?? [] {
      if let match = StringMatch.read(entry.value) {
        pairs.append(Pair(key: .attachment(entry.key), matches: [.match(match)]))
      } else {
        isSound = false
      }
    }
    return isSound
  }

  /// What would have to be obeyed and cannot be.
  private static func refuse(_ fields: YAMLFields, _ names: [String], _ why: String, _ isSound: inout Bool) {
    for name in names {
      guard let value = fields.value([name]), !value.isNull else { continue }
      value.error("\(name) is not supported: \(why)")
      isSound = false
    }
  }
}
