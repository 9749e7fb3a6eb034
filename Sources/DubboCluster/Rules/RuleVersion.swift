internal import DubboYAML

/// `configVersion`: the version of the form in which a rule is written, such as `v3.1`.
struct RuleVersion: Sendable, Hashable, Comparable {
  var major: Int
  var minor: Int

  static let v30 = RuleVersion(major: 3, minor: 0)
  /// The latest that is known here, as in Dubbo 3.3.
  static let v31 = RuleVersion(major: 3, minor: 1)

  static func < (left: RuleVersion, right: RuleVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }

  /// v3.0 where `fields` say nothing. A later form than the known ones may mean anything: a rule in it is refused.
  static func read(_ fields: YAMLFields) -> RuleVersion {
    guard let reader = fields["configVersion"], let text = reader.string(), !text.isEmpty else { return v30 }
    guard let version = RuleVersion(text) else {
      reader.error("\(quotedText(text)) is no version; write v3.0 or v3.1")
      return v30
    }
    if version > v31 {
      reader.error(
        "rules of the version \(quotedText(text)) are not known here; known are v3.0, v3.1 and what came before")
    }
    return version
  }
}

extension RuleVersion {
  /// Nil unless `text` is numbers with dots between them, with a `v` before them or without.
  init?(_ text: String) {
    let digits = text.first.map { "vV".contains($0) } ?? false ? text.dropFirst() : text[...]
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { UInt16($0) }.map(Int.init)
    guard numbers.count == parts.count, let major = numbers.first else { return nil }
    self.init(major: major, minor: numbers.count > 1 ? numbers[1] : 0)
  }
}
