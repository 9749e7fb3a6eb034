package import DubboYAML

/// A tag rule: which providers of an application carry which tag.
package struct TagRules: Sendable, Hashable {
  struct Tag: Sendable, Hashable {
    var name: String
    var addresses: [AddressPattern]
    /// Parameters that a provider must all have; counts only without addresses.
    var match: [ParameterMatch]
  }

  struct ParameterMatch: Sendable, Hashable {
    var key: String
    var value: StringMatch
  }

  var head: RuleHead
  var tags: [Tag]

  /// Reads one rule; what is wrong with it stands in the reader's diagnostics, and then there is none.
  package static func read(_ reader: YAMLReader) -> TagRules? {
    guard let fields = reader.fields("a tag rule") else { return nil }
    let head = RuleHead.read(fields, scope: .application)
    var isSound = true
    var tags: [Tag] = []
    for item in fields.list("tags") {
      guard let tag = tag(item, head) else {
        isSound = false
        continue
      }
      tags.append(tag)
    }
    fields.finish()
    return isSound ? TagRules(head: head, tags: tags) : nil
  }

  private static func tag(_ reader: YAMLReader, _ head: RuleHead) -> Tag? {
    guard let fields = reader.fields("a tag") else { return nil }
    fields.require("name")
    let name = fields.string("name")
    var isSound = name != nil
    var addresses: [AddressPattern] = []
    for item in fields.list("addresses") {
      guard let text = item.string() else { continue }
      do {
        addresses.append(try AddressPattern(text))
      } catch {
        item.error(error.message)
        isSound = false
      }
    }
    var match: [ParameterMatch] = []
    for item in fields.list("match") {
      guard let fields = item.fields("a match") else { continue }
      fields.require("key")
      fields.require("value")
      if let key = fields.string("key"), let value = fields["value"].flatMap(StringMatch.read) {
        match.append(ParameterMatch(key: key, value: value))
      } else {
        isSound = false
      }
      fields.finish()
    }
    fields.finish()
    // Dubbo 2.7 had no match.
    if head.version < .v30 { match = [] }
    guard isSound, let name else { return nil }
    return Tag(name: name, addresses: addresses, match: addresses.isEmpty ? match : [])
  }
}
