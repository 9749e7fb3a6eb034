/// A regular expression in a rule; the whole value must match, as Java's `matches` has it.
///
/// Swift's expressions can take very long on hostile patterns; rules come from the operator, values are held to a
/// kilobyte.
struct RuleRegex: Sendable, Hashable {
  let pattern: String

  private static let longestValue = 1_024

  init(_ pattern: String) throws {
    self.pattern = pattern
    do {
      _ = try Regex(pattern)
    } catch {
      throw Malformed(pattern: pattern)
    }
  }

  func fits(_ text: String) -> Bool {
    // `Regex` is not Sendable, so it is made from its text; rules are evaluated when lists change, not per call.
    guard text.utf8.count <= Self.longestValue, let regex = try? Regex(pattern) else { return false }
    return (try? regex.wholeMatch(in: text)) != nil
  }

  struct Malformed: Error, CustomStringConvertible {
    var pattern: String
    var description: String { "\"\(pattern)\" is no regular expression" }
  }
}
