/// A mistake in the text of a rule: what is wrong, and how many Unicode scalars into the text.
package struct RuleSyntaxError: Error, Hashable, CustomStringConvertible {
  package var offset: Int
  package var message: String

  package var description: String { "at character \(offset + 1): \(message)" }
}
