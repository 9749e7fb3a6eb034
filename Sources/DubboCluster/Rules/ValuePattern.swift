/// One value of a condition rule: a text with stars, a range `1~100`, or `$name`, the consumer's own value; or one of a
/// mesh rule.
enum ValuePattern: Sendable, Hashable {
  /// The text between stars: one piece is an exact text, several had stars between them.
  case glob([String])
  /// Inclusive.
  case range(Int64?, Int64?)
  case reference(String)
  /// As mesh rules compare.
  case match(StringMatch)

  init(_ text: String, allowsReference: Bool) throws(RuleSyntaxError) {
    if allowsReference, text.hasPrefix("$") {
      guard text.count > 1 else { throw RuleSyntaxError(offset: 0, message: "\"$\" needs the name of a parameter") }
      var name = text.dropFirst()
      if name.hasPrefix("consumer.") { name = name.dropFirst("consumer.".count) }
      self = .reference(String(name))
      return
    }
    if text.contains("~") {
      let bounds = text.split(separator: "~", omittingEmptySubsequences: false)
      guard bounds.count == 2, !(bounds[0].isEmpty && bounds[1].isEmpty) else {
        throw RuleSyntaxError(offset: 0, message: "a range has the form 1~100, 1~ or ~100, not \"\(text)\"")
      }
      var numbers: [Int64?] = []
      for bound in bounds {
        guard bound.isEmpty || Int64(bound) != nil else {
          throw RuleSyntaxError(offset: 0, message: "a range goes from number to number; \"\(bound)\" is none")
        }
        numbers.append(Int64(bound))
      }
      self = .range(numbers[0], numbers[1])
      return
    }
    self = .glob(text.split(separator: "*", omittingEmptySubsequences: false).map(String.init))
  }

  /// Whether `value` fits.
  ///
  /// - Parameters:
  ///   - consumer: where `$name` is looked up.
  ///   - unreadable: the answer of a range for a value that is no number. Dubbo says no left of the arrow and yes
  ///     right of it.
  func fits(_ value: String, consumer: (String) -> String?, unreadable: Bool) -> Bool {
    switch self {
    case .reference(let name):
      let pattern = consumer(name) ?? ""
      return Self.fits(value, pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init))
    case .range(let low, let high):
      guard let number = Int64(value) else { return unreadable }
      return number >= low ?? .min && number <= high ?? .max
    case .match(let match):
      return match.fits(value)
    case .glob(let pieces):
      return Self.fits(value, pieces)
    }
  }

  private static func fits(_ value: String, _ pieces: [String]) -> Bool {
    guard let first = pieces.first, let last = pieces.last, pieces.count > 1 else { return value == pieces.first }
    guard value.hasPrefix(first) else { return false }
    var rest = value.dropFirst(first.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let found = rest.firstRange(of: piece) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(last)
  }
}

extension ConditionExpression.Pair {
  /// Whether `value` satisfies the pair; a missing value never does, not even `!=`.
  func fits(_ value: String?, consumer: (String) -> String?, unreadable: Bool) -> Bool {
    guard let value else { return false }
    func fits(_ pattern: ValuePattern) -> Bool {
      pattern.fits(value, consumer: consumer, unreadable: unreadable)
    }
    if mismatches.contains(where: fits) { return false }
    return matches.isEmpty ? !mismatches.isEmpty : matches.contains(where: fits)
  }
}
