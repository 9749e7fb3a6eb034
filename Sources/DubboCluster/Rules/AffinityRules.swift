package import DubboYAML

/// An affinity rule: providers that share a parameter with the consumer come first, if there are enough of them.
package struct AffinityRules: Sendable, Hashable {
  var head: RuleHead
  /// The parameter, such as `region`.
  var parameter: String
  /// How many of a hundred providers must share it for the others to be left out.
  var ratio: Int

  /// Reads one rule; what is wrong with it stands in the reader's diagnostics, and then there is none.
  package static func read(_ reader: YAMLReader) -> AffinityRules? {
    guard let fields = reader.fields("an affinity rule") else { return nil }
    let head = RuleHead.read(fields, scope: .service)
    fields.require("affinityAware")
    let aware = fields.fields("affinityAware", as: "affinityAware")
    aware?.require("key")
    let parameter = aware?.string("key")
    let ratio = aware?.integer("ratio", in: 0...100) ?? 0
    aware?.finish()
    fields.finish()
    return parameter.map { AffinityRules(head: head, parameter: $0, ratio: ratio) }
  }
}
