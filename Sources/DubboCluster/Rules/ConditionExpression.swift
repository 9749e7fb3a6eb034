/// One line of a condition rule: `method=find* & attachments[user]=vip => region=$region & env!=gray,test`.
///
/// Left of the arrow is which calls are meant, right of it the providers that they may go to. Nothing on the left
/// means every call; nothing on the right means no provider.
struct ConditionExpression: Sendable, Hashable {
  /// What one side compares.
  enum Key: Sendable, Hashable {
    case method
    case argument(Int)
    case argumentCount
    case attachment(String)
    /// A part or a parameter of the consumer's URL (left) or the provider's (right).
    case parameter(String)
  }

  /// `key=a,b` or `key!=a,b`, or both for one key.
  struct Pair: Sendable, Hashable {
    var key: Key
    /// What has to be, one of them.
    var matches: [ValuePattern] = []
    /// What must not be, none of them.
    var mismatches: [ValuePattern] = []
  }

  let text: String
  /// Empty: every call.
  let when: [Pair]
  /// Nil: nobody.
  let then: [Pair]?

  init(_ text: String) throws(RuleSyntaxError) {
    let scalars = Array(text.unicodeScalars)
    self.text = text
    guard let arrow = scalars.indices.dropLast().first(where: { scalars[$0] == "=" && scalars[$0 + 1] == ">" }) else {
      when = []
      then = try Self.then(scalars[...])
      return
    }
    when = try Self.when(scalars[..<arrow])
    then = try Self.then(scalars[(arrow + 2)...])
  }

  /// The left side alone, as `from.match` of a rule with several destinations has it.
  init(when text: String) throws(RuleSyntaxError) {
    self.text = text
    when = try Self.when(Array(text.unicodeScalars)[...])
    then = []
  }

  /// The right side alone, as `to.match` has it; nothing means every provider.
  init(then text: String) throws(RuleSyntaxError) {
    self.text = text
    when = []
    then = try Self.then(Array(text.unicodeScalars)[...]) ?? []
  }

  private static func when(_ text: ArraySlice<Unicode.Scalar>) throws(RuleSyntaxError) -> [Pair] {
    if isWord(text, "true") { return [] }
    var parser = ConditionParser(text, side: .when)
    return try parser.parse()
  }

  private static func then(_ text: ArraySlice<Unicode.Scalar>) throws(RuleSyntaxError) -> [Pair]? {
    if isWord(text, "false") { return nil }
    var parser = ConditionParser(text, side: .then)
    let pairs = try parser.parse()
    return pairs.isEmpty ? nil : pairs
  }

  private static func isWord(_ text: ArraySlice<Unicode.Scalar>, _ word: String) -> Bool {
    text.filter { !ConditionParser.isBlank($0) }.elementsEqual(word.unicodeScalars)
  }
}
