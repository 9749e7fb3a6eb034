/// How often something costly may be done in one turn of a loop, so that the others get their share of it.
struct TurnAllowance {
  private var turn: UInt64 = 0
  private var used = 0

  /// True for the first `limit` times that it is asked in a turn.
  mutating func take(in turn: UInt64, limit: Int) -> Bool {
    if self.turn != turn {
      self.turn = turn
      used = 0
    }
    guard used < limit else { return false }
    used += 1
    return true
  }
}
