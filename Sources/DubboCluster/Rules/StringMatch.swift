internal import DubboYAML

/// Dubbo's `StringMatch`: one way of comparing a text.
enum StringMatch: Sendable, Hashable {
  case exact(String)
  case prefix(String)
  /// An expression, held as text and compiled where it is used: see `RuleRegex`.
  case regex(RuleRegex)
  case wildcard(String)
  case empty
  case notEmpty

  /// A missing value is an empty one.
  func fits(_ value: String?) -> Bool {
    let text = value ?? ""
    switch self {
    case .exact(let expected): return text == expected
    case .prefix(let start): return text.hasPrefix(start)
    case .regex(let expression): return expression.fits(text)
    case .wildcard(let pattern): return pattern == "*" || text == pattern
    case .empty: return text.isEmpty
    case .notEmpty: return !text.isEmpty
    }
  }

  /// Reads `{exact: gray}`, or a text alone, which is exact.
  static func read(_ reader: YAMLReader) -> StringMatch? {
    if case .scalar = reader.node.content { return reader.string().map(StringMatch.exact) }
    guard let fields = reader.fields("a match") else { return nil }
    var found: [StringMatch] = []
    if let text = fields.string("exact") { found.append(.exact(text)) }
    if let text = fields.string("prefix") { found.append(.prefix(text)) }
    if let text = fields.string("wildcard") { found.append(.wildcard(text)) }
    if fields["empty"] != nil { found.append(.empty) }
    if fields["noempty"] != nil { found.append(.notEmpty) }
    if let value = fields["regex"], let text = value.string() {
      do { found.append(.regex(try RuleRegex(text))) } catch { value.error("\(error)") }
    }
    fields.finish()
    guard found.count == 1 else {
      reader.error("a match is exactly one of exact, prefix, regex, wildcard, empty and noempty")
      return nil
    }
    return found[0]
  }
}
