internal import DubboCore

/// One router, compiled for one list of candidates: what it keeps is known before any call.
enum RouteStage: Sendable {
  case mesh(MeshStage)
  /// Where what the mesh rules have chosen takes effect.
  case meshEnd
  case tag(TagStage)
  case condition(ConditionStage)
  case destinations(DestinationStage)
  case affinity(AffinityStage)

  /// Which calls are subject to it; empty: all.
  var when: [ConditionExpression.Pair] {
    switch self {
    case .mesh(let stage): stage.when
    case .condition(let stage): stage.when
    case .destinations(let stage): stage.when
    case .meshEnd, .tag, .affinity: []
    }
  }
}

/// A line `when => then`.
struct ConditionStage: Sendable {
  let text: String
  let when: [ConditionExpression.Pair]
  /// What providers must be; nil: nobody.
  let then: [ConditionExpression.Pair]?
  /// The providers that are; nil: nobody.
  let kept: CandidateSet?
  let isForced: Bool

  /// `input` after the line, for a call that `when` is about.
  func apply(to input: CandidateSet) -> CandidateSet {
    guard let kept else { return input.subtracting(input) }
    let result = input.intersection(kept)
    return result.isEmpty && !isForced ? input : result
  }
}

/// A condition with several weighted destinations.
struct DestinationStage: Sendable {
  let text: String
  let when: [ConditionExpression.Pair]
  let destinations: [(text: String, kept: CandidateSet, weight: Int)]
  let isForced: Bool

  enum Outcome {
    case set(CandidateSet)
    /// One of several, drawn by weight for each call.
    case draw([(set: CandidateSet, weight: Int)])
  }

  func apply(to input: CandidateSet) -> Outcome {
    let none = input.subtracting(input)
    // No destination at all is the way to stop calls; that cannot be softened by `force: false`.
    if destinations.isEmpty { return .set(none) }
    let subsets = destinations.map { (set: input.intersection($0.kept), weight: $0.weight) }.filter { !$0.set.isEmpty }
    switch subsets.count {
    case 0: return .set(isForced ? none : input)
    case 1: return .set(subsets[0].set)
    default: return .draw(subsets)
    }
  }
}

/// Providers that share a parameter with the consumer.
struct AffinityStage: Sendable {
  let text: String
  let kept: CandidateSet
  let ratio: Int

  func apply(to input: CandidateSet) -> CandidateSet {
    let result = input.intersection(kept)
    return !result.isEmpty && result.count * 100 >= ratio * input.count ? result : input
  }
}
