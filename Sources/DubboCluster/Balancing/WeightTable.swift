/// Draws an index with a probability in proportion to its weight, in constant time (Walker's alias method, built as
/// Vose does), in whole numbers.
struct WeightTable: Sendable {
  /// For each slot: a draw below `threshold` of `total` stays, one above goes to `alias`.
  private let thresholds: [Int]
  private let aliases: [Int32]
  private let total: Int

  /// Nil when all weights are equal or none is positive: then a plain draw does.
  init?(_ weights: [Int]) {
    let total = weights.reduce(0, +)
    guard let first = weights.first, total > 0, weights.contains(where: { $0 != first }) else { return nil }
    var thresholds = weights.map { $0 * weights.count }
    var aliases = (0..<Int32(weights.count)).map { $0 }
    var small: [Int] = []
    var large: [Int] = []
    for index in weights.indices {
      if thresholds[index] < total { small.append(index) } else { large.append(index) }
    }
    while let less = small.popLast(), let more = large.last {
      aliases[less] = Int32(more)
      thresholds[more] -= total - thresholds[less]
      if thresholds[more] < total {
        large.removeLast()
        small.append(more)
      }
    }
    self.thresholds = thresholds
    self.aliases = aliases
    self.total = total
  }

  func draw(_ random: RandomSource) -> Int {
    let slot = random.next(below: thresholds.count)
    return random.next(below: total) < thresholds[slot] ? slot : Int(aliases[slot])
  }
}
