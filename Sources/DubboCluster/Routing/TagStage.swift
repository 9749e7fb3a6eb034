internal import DubboCore

/// Tags: which providers a tagged call may go to, and which are kept for tagged calls.
struct TagStage: Sendable {
  /// What a call asks for.
  struct Wish: Sendable, Hashable {
    /// Empty: no tag.
    var tag: String
    /// The call wants that tag or nothing.
    var isForced: Bool

    static let none = Wish(tag: "", isForced: false)

    /// The same, or nothing.
    var forced: Wish { Wish(tag: tag, isForced: true) }
  }

  private let hasRule: Bool
  private let isRuleForced: Bool
  /// The providers of the rule's tags.
  private let ofRule: [String: CandidateSet]
  private let inAnyTagOfRule: CandidateSet
  /// The providers by their own `dubbo.tag`.
  private let ofProviders: [String: CandidateSet]
  private let untagged: CandidateSet

  init(_ rule: TagRules?, _ candidates: [Candidate]) {
    hasRule = rule != nil
    isRuleForced = rule?.head.isForced ?? false
    let none = CandidateSet(size: candidates.count, all: false)
    var ofRule: [String: CandidateSet] = [:]
    for tag in rule?.tags ?? [] {
      ofRule[tag.name] = CandidateSet(candidates) { Self.fits($0.url, tag) }.union(ofRule[tag.name] ?? none)
    }
    self.ofRule = ofRule
    inAnyTagOfRule = ofRule.values.reduce(none) { $0.union($1) }
    var ofProviders: [String: CandidateSet] = [:]
    var untagged = none
    for (index, candidate) in candidates.enumerated() {
      if let tag = candidate.url.tag {
        ofProviders[tag, default: none].insert(index)
      } else {
        untagged.insert(index)
      }
    }
    self.ofProviders = ofProviders
    self.untagged = untagged
  }

  /// False when no call can be told from another: no provider has a tag and no rule gives one.
  var matters: Bool { hasRule || !ofProviders.isEmpty }

  /// The tags of the candidate at `index`: its own, and those that the rule gives it.
  func tags(of index: Int, _ candidate: Candidate) -> [String] {
    let own = candidate.url.tag.map { [$0] } ?? []
    return own + ofRule.filter { $0.value.contains(index) && !own.contains($0.key) }.keys.sorted()
  }

  func apply(to input: CandidateSet, _ wish: Wish) -> CandidateSet {
    let none = input.subtracting(input)
    guard !wish.tag.isEmpty else {
      let free = input.subtracting(inAnyTagOfRule)
      return free.isEmpty ? free : free.intersection(untagged)
    }
    var result: CandidateSet
    if let ruled = ruled(wish) {
      result = input.intersection(ruled)
      if !result.isEmpty || isRuleForced { return result }
    } else {
      result = input.intersection(ofProviders[wish.tag] ?? none)
    }
    if !result.isEmpty || wish.isForced { return result }
    result = input.subtracting(inAnyTagOfRule)
    return result.intersection(untagged)
  }

  /// The providers that the rule gives the tag to; of a tag with levels, `a|b|c`, its longest beginning that the rule
  /// knows. Nil when it knows none.
  private func ruled(_ wish: Wish) -> CandidateSet? {
    guard hasRule else { return nil }
    if wish.isForced { return ofRule[wish.tag] }
    var levels = wish.tag.split(separator: "|", omittingEmptySubsequences: false)[...]
    while !levels.isEmpty {
      if let set = ofRule[levels.joined(separator: "|")] { return set }
      levels.removeLast()
    }
    return nil
  }

  private static func fits(_ url: DubboURL, _ tag: TagRules.Tag) -> Bool {
    if !tag.addresses.isEmpty { return tag.addresses.contains { $0.fits(host: url.host, port: url.port) } }
    return !tag.match.isEmpty && tag.match.allSatisfy { $0.value.fits(url.fact($0.key)) }
  }
}
