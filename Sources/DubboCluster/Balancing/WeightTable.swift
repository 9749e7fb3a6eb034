/// Draws an index with a probability in proportion to its weight, in constant time (Walker's alias method, built as
/// Vose does, in whole numbers).
///
/// With ten thousand providers a draw is paid for in cache misses, so a slot is one word: a draw reads one.
struct WeightTable: Sendable {
  /// What is drawn in this slot: a fraction of 2³² below `threshold` stays, one above goes to `alias`.
  private struct Slot {
    var threshold: UInt32
    var alias: UInt32
  }

  private let slots: [Slot]

  /// Nil when all weights are equal or none is positive: then a plain draw does.
  init?(_ weights: [Int]) {
    let total = weights.reduce(0, +)
    guard let first = weights.first, total > 0, weights.contains(where: { $0 != first }) else { return nil }
    var shares = weights.map { $0 * weights.count }
    var aliases = Array(weights.indices)
    var small: [Int] = []
    var large: [Int] = []
    for index in weights.indices {
      if shares[index] < total { small.append(index) } else { large.append(index) }
    }
    while let less = small.popLast(), let more = large.last {
      aliases[less] = more
      shares[more] -= total - shares[less]
      if shares[more] < total {
        large.removeLast()
        small.append(more)
      }
    }
    slots = zip(shares, aliases).map { share, alias in
      let fraction = Double(share) / Double(total) * 4_294_967_296
      return Slot(threshold: UInt32(clamping: Int(fraction)), alias: UInt32(truncatingIfNeeded: alias))
    }
  }

  /// One draw without a table that is kept; among equal weights any index, and 0 among none.
  static func draw(_ weights: [Int], _ random: RandomSource) -> Int {
    WeightTable(weights)?.draw(random) ?? random.next(below: weights.count)
  }

  func draw(_ random: RandomSource) -> Int {
    // The whole part of the product is the slot, the rest of it the fraction.
    let (slot, rest) = random.next().multipliedFullWidth(by: UInt64(slots.count))
    let index = Int(truncatingIfNeeded: slot)
    return UInt32(truncatingIfNeeded: rest >> 32) < slots[index].threshold ? index : Int(slots[index].alias)
  }
}
