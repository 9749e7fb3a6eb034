public import DubboCore

/// `p2c`: draws two providers by weight and takes the one with the smaller load, which is its estimated latency times
/// the calls it has under way.
///
/// Latency and calls are this process's own measurements, so it works with any provider. Where both have reported how many
/// more calls of the method they would take, as providers do for `cluster=adaptiveService`, the one that would take more
/// is taken: it knows of all its consumers. Between equals, and where one reports nothing, the measurements decide.
///
/// A provider of which nothing is known yet is tried at once, and no second time before its first answer. Choices cost the
/// same for any number of providers (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing").
public struct PowerOfTwoChoices: LoadBalance {
  /// What `loadbalance=` says for it.
  public static let name = "p2c"

  public init() {}

  public func select(from roster: Roster, for invocation: Invocation, _ context: ChoiceContext) -> Candidate? {
    let candidates = roster.candidates
    guard candidates.count > 1 else { return candidates.first }
    let (first, second) = pair(from: roster, invocation.method.name, context)
    guard first !== second else { return first }
    let now = context.clock.now
    let firstIsUsable = context.isUsable(first, now: now)
    if firstIsUsable != context.isUsable(second, now: now) { return firstIsUsable ? first : second }
    let method = invocation.method.name
    if let firstRemaining = first.numbers.remaining(of: method, now: now),
      let secondRemaining = second.numbers.remaining(of: method, now: now), firstRemaining != secondRemaining
    {
      return firstRemaining > secondRemaining ? first : second
    }
    return second.numbers.load(now: now) < first.numbers.load(now: now) ? second : first
  }

  public func learn(from reply: Reply, of candidate: Candidate, method: String, _ context: ChoiceContext) {
    guard let remaining = AdaptiveService.remaining(in: reply) else { return }
    candidate.numbers.report(remaining: remaining, of: method, now: context.clock.now)
  }

  /// Two candidates drawn by weight; the same twice only when no other has any weight.
  private func pair(from roster: Roster, _ method: String, _ context: ChoiceContext) -> (Candidate, Candidate) {
    let candidates = roster.candidates
    func draw() -> Int {
      roster.drawIndex(method: method, wallMilliseconds: context.clock.wallMilliseconds, context.random)
    }
    let first = draw()
    for _ in 0..<(candidates.count > 2 ? 3 : 0) {
      let second = draw()
      if second != first { return (candidates[first], candidates[second]) }
    }
    // One weight overshadows the others: any other one will do.
    let skipped = context.random.next(below: candidates.count - 1)
    let second = candidates[skipped < first ? skipped : skipped + 1]
    let hasWeight = second.weight(method: method, wallMilliseconds: context.clock.wallMilliseconds) > 0
    return (candidates[first], hasWeight ? second : candidates[first])
  }
}
