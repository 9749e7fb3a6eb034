/// Reads one side of a condition rule: `pair { "&" pair }` with `pair := key ("=" | "!=") value { "," value }`.
///
/// Blanks count for nothing; there is no quoting. `consumer.` and `provider.` before a key are old and mean nothing.
struct ConditionParser {
  enum Side {
    case when
    case then
  }

  private struct Token {
    var separator: String
    var separatorOffset: Int
    var content: String
    var offset: Int
  }

  private let text: ArraySlice<Unicode.Scalar>
  private let side: Side
  private var position: Int

  init(_ text: ArraySlice<Unicode.Scalar>, side: Side) {
    self.text = text
    self.side = side
    position = text.startIndex
  }

  static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
  }

  mutating func parse() throws(RuleSyntaxError) -> [ConditionExpression.Pair] {
    var pairs: [ConditionExpression.Pair] = []
    // Repeating a key adds to its pair, as Dubbo has it.
    var place = 0
    var isMismatch = false
    var valueCount = 1
    var keyOffset = 0
    while let token = try next() {
      switch token.separator {
      case "" where pairs.isEmpty, "&":
        if !pairs.isEmpty, valueCount == 0 { throw missingValue(keyOffset) }
        if pairs.isEmpty, token.separator == "&" { throw fault(token.separatorOffset, "a key must stand before \"&\"") }
        let key = try key(token)
        place = pairs.firstIndex { $0.key == key } ?? pairs.count
        if place == pairs.count { pairs.append(.init(key: key)) }
        valueCount = 0
        keyOffset = token.offset
      case "=", "!=":
        guard !pairs.isEmpty else {
          throw fault(token.separatorOffset, "a key must stand before \"\(token.separator)\"")
        }
        guard valueCount == 0 else {
          throw fault(token.separatorOffset, "write \"&\" and the key again before a second \"\(token.separator)\"")
        }
        isMismatch = token.separator == "!="
        try add(token, to: &pairs[place], isMismatch)
        valueCount = 1
      case ",":
        guard !pairs.isEmpty, valueCount > 0 else {
          throw fault(token.separatorOffset, "a comma stands only between values")
        }
        try add(token, to: &pairs[place], isMismatch)
        valueCount += 1
      case "":
        throw fault(token.offset, "\"&\" is missing before \"\(token.content)\"")
      default:
        throw fault(
          token.separatorOffset, "\"\(token.separator)\" is no operator; there are \"=\", \"!=\", \",\" and \"&\"")
      }
    }
    if !pairs.isEmpty, valueCount == 0 { throw missingValue(keyOffset) }
    return pairs
  }

  private func add(
    _ token: Token, to pair: inout ConditionExpression.Pair, _ isMismatch: Bool
  ) throws(RuleSyntaxError) {
    let pattern: ValuePattern
    do {
      pattern = try ValuePattern(token.content, allowsReference: side == .then)
    } catch {
      throw fault(token.offset + error.offset, error.message)
    }
    if isMismatch { pair.mismatches.append(pattern) } else { pair.matches.append(pattern) }
  }

  private func key(_ token: Token) throws(RuleSyntaxError) -> ConditionExpression.Key {
    var name = token.content[...]
    for prefix in ["consumer.", "provider."] where name.hasPrefix(prefix) { name = name.dropFirst(prefix.count) }
    guard !name.isEmpty else { throw fault(token.offset, "a key is missing") }
    if name.contains("*") || name.hasPrefix("$") { throw fault(token.offset, "\"\(name)\" cannot be a key") }
    if let inner = try bracketed(name, after: "arguments", token) {
      guard let index = Int(inner), index >= 0 else {
        throw fault(token.offset, "arguments[N] needs a number from 0 on, not \"\(inner)\"")
      }
      return .argument(index)
    }
    if let inner = try bracketed(name, after: "attachments", token) {
      guard !inner.isEmpty else { throw fault(token.offset, "attachments[key] needs a key") }
      return .attachment(inner)
    }
    if side == .when, name == "method" || name == "methods" { return .method }
    return .parameter(String(name))
  }

  /// What stands in `word[…]`; nil when the key is something else.
  private func bracketed(_ name: Substring, after word: String, _ token: Token) throws(RuleSyntaxError) -> String? {
    guard name.hasPrefix(word + "[") else { return nil }
    guard name.hasSuffix("]") else { throw fault(token.offset, "\"]\" is missing in \"\(name)\"") }
    guard side == .when else {
      throw fault(token.offset, "\(word)[…] belongs to calls and stands only left of \"=>\"")
    }
    return String(name.dropFirst(word.count + 1).dropLast())
  }

  private mutating func next() throws(RuleSyntaxError) -> Token? {
    skipBlanks()
    let separatorOffset = position
    while position < text.endIndex, Self.isOperator(text[position]) { position += 1 }
    let separator = string(separatorOffset, position)
    skipBlanks()
    let offset = position
    while position < text.endIndex, !Self.isOperator(text[position]), !Self.isBlank(text[position]) { position += 1 }
    guard position > offset else {
      if separator.isEmpty { return nil }
      throw fault(separatorOffset, "something must follow \"\(separator)\"")
    }
    return Token(
      separator: separator, separatorOffset: separatorOffset, content: string(offset, position), offset: offset)
  }

  private mutating func skipBlanks() {
    while position < text.endIndex, Self.isBlank(text[position]) { position += 1 }
  }

  private static func isOperator(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "&" || scalar == "!" || scalar == "=" || scalar == ","
  }

  private func string(_ start: Int, _ end: Int) -> String {
    var string = ""
    string.unicodeScalars.append(contentsOf: text[start..<end])
    return string
  }

  private func missingValue(_ offset: Int) -> RuleSyntaxError {
    fault(offset, "a pair has the form key=value or key!=value")
  }

  private func fault(_ offset: Int, _ message: String) -> RuleSyntaxError {
    RuleSyntaxError(offset: offset, message: message)
  }
}
