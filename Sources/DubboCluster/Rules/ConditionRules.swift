package import DubboYAML

/// A condition rule as Dubbo files it: v3.0 with lines of `when => then`, v3.1 with several weighted destinations.
package struct ConditionRules: Sendable, Hashable {
  /// One condition of a rule.
  enum Condition: Sendable, Hashable {
    case line(ConditionExpression)
    case destinations(Destinations)
  }

  /// A condition of v3.1: the calls that are meant, and where they go.
  struct Destinations: Sendable, Hashable {
    var from: ConditionExpression
    /// Empty: nowhere.
    var to: [Destination]
    /// Nil: as the whole rule says.
    var isForced: Bool?
  }

  struct Destination: Sendable, Hashable {
    var match: ConditionExpression
    var weight: Int
  }

  var head: RuleHead
  var conditions: [Condition]

  /// Reads one rule; what is wrong with it stands in the reader's diagnostics, and then there is none.
  package static func read(_ reader: YAMLReader) -> ConditionRules? {
    guard let fields = reader.fields("a condition rule") else { return nil }
    let head = RuleHead.read(fields, scope: .service)
    var isSound = true
    var conditions: [Condition] = []
    for item in fields.list("conditions") {
      let condition: Condition?
      if item.isNull { item.error("a condition is missing here; take the dash away or write one behind it") }
      if case .mapping = item.node.content {
        condition = destinations(item).map(Condition.destinations)
      } else {
        condition = item.string().flatMap { expression(item, $0, ConditionExpression.init(_:)) }.map(Condition.line)
      }
      guard let condition else {
        isSound = false
        continue
      }
      // Go drops what is said twice.
      if !conditions.contains(condition) { conditions.append(condition) }
    }
    fields.finish()
    guard isSound else { return nil }
    if conditions.isEmpty {
      reader.error("a condition rule needs conditions, such as 'method=find* => region=hangzhou'")
    }
    return conditions.isEmpty ? nil : ConditionRules(head: head, conditions: conditions)
  }

  private static func destinations(_ reader: YAMLReader) -> Destinations? {
    guard let fields = reader.fields("a condition") else { return nil }
    var from = expression(reader, "", ConditionExpression.init(when:))
    if let value = fields["from"] {
      from = side(value, "from", ConditionExpression.init(when:))?.match
    }
    var isSound = from != nil
    var to: [Destination] = []
    for item in fields.list("to") {
      if let destination = side(item, "a destination", ConditionExpression.init(then:)) {
        to.append(destination)
      } else {
        isSound = false
      }
    }
    let isForced = fields.bool("force")
    if fields.bool("disable", "trafficDisable") == true { to = [] }
    fields.finish()
    guard isSound, let from else { return nil }
    return Destinations(from: from, to: to, isForced: isForced)
  }

  /// `{match: "…", weight: 100}`, or the text alone.
  private static func side(
    _ reader: YAMLReader, _ what: String, _ parse: (String) throws(RuleSyntaxError) -> ConditionExpression
  ) -> Destination? {
    if case .scalar = reader.node.content {
      return expression(reader, reader.string() ?? "", parse).map { .init(match: $0, weight: 100) }
    }
    guard let fields = reader.fields(what) else { return nil }
    let weight = fields.integer("weight", in: 0...1_000_000) ?? 100
    let value = fields["match"]
    let text = value?.string() ?? ""
    fields.finish()
    return expression(value ?? reader, text, parse).map { .init(match: $0, weight: weight) }
  }

  /// What `parse` returns; a mistake is reported with a caret under it.
  private static func expression(
    _ reader: YAMLReader, _ text: String, _ parse: (String) throws(RuleSyntaxError) -> ConditionExpression
  ) -> ConditionExpression? {
    do {
      return try parse(text)
    } catch {
      reader.error(error.message, atOffset: error.offset)
      return nil
    }
  }
}
