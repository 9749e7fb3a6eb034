internal import DubboCore

/// One choice of a cluster: what the balancer picks, unless that was tried before or is not usable.
struct Selection {
  let balance: any LoadBalance
  let context: ChoiceContext
  /// Set when calls stay with one provider.
  let sticky: StickyChoices?
  /// Set when not every candidate need understand the call.
  let translation: (any CallTranslation)?

  /// How often the balancer is asked again before the whole list is looked at.
  private static let probes = 3

  /// The candidate for the next attempt: never one that was tried while another is untried, never one that is not
  /// usable while another is, in this order; and before both, never one that cannot be sent the call while another can.
  func next(from roster: Roster, for invocation: Invocation, tried: [Candidate]) -> Candidate? {
    let now = context.clock.now
    if let sticky, let kept = sticky[invocation.method.name], !tried.contains(kept),
      let current = roster.candidates.first(where: { $0.numbers === kept.numbers }),
      isUsable(current, for: invocation, now: now)
    {
      return current
    }
    let chosen = choose(from: roster, for: invocation, tried: tried, now)
    if let sticky, let chosen { sticky[invocation.method.name] = chosen }
    return chosen
  }

  /// Whether the call has a chance at `candidate`.
  func isUsable(_ candidate: Candidate, for invocation: Invocation, now: MonotonicInstant) -> Bool {
    context.isUsable(candidate, now: now) && reaches(candidate, with: invocation)
  }

  private func reaches(_ candidate: Candidate, with invocation: Invocation) -> Bool {
    translation?.reaches(candidate.url, with: invocation) ?? true
  }

  private func choose(
    from roster: Roster, for invocation: Invocation, tried: [Candidate], _ now: MonotonicInstant
  ) -> Candidate? {
    for _ in 0..<(roster.count > 1 ? Self.probes : 1) {
      guard let candidate = balance.select(from: roster, for: invocation, context) else { return nil }
      if isUsable(candidate, for: invocation, now: now), !tried.contains(candidate) { return candidate }
    }
    return rest(of: roster, for: invocation, tried: tried, now)
  }

  /// Looks at every candidate, which costs more with more of them; only calls in trouble come here.
  private func rest(
    of roster: Roster, for invocation: Invocation, tried: [Candidate], _ now: MonotonicInstant
  ) -> Candidate? {
    var best: [Int] = []
    var bestRank = 0
    for (place, candidate) in roster.candidates.enumerated() {
      let rank =
        (reaches(candidate, with: invocation) ? 4 : 0) + (tried.contains(candidate) ? 0 : 2)
        + (context.isUsable(candidate, now: now) ? 1 : 0)
      if rank > bestRank {
        bestRank = rank
        best = []
      }
      if rank == bestRank { best.append(place) }
    }
    if best.count == roster.count { return balance.select(from: roster, for: invocation, context) }
    let narrowed = roster.part(best, wallMilliseconds: context.clock.wallMilliseconds)
    return balance.select(from: narrowed, for: invocation, context)
  }
}

extension [Candidate] {
  /// The same provider, be it with another URL by now.
  func contains(_ candidate: Candidate) -> Bool {
    contains { $0.numbers === candidate.numbers }
  }
}
