/// Durations in steps of three percent: 32 steps for each power of two.
struct Histogram: Sendable {
  private static let steps = 32
  private var counts = [UInt64](repeating: 0, count: 60 * steps)
  private(set) var total: UInt64 = 0
  private(set) var longest: UInt64 = 0

  mutating func add(nanoseconds: UInt64) {
    counts[Self.slot(nanoseconds)] += 1
    total += 1
    longest = max(longest, nanoseconds)
  }

  mutating func add(_ other: Histogram) {
    for index in counts.indices { counts[index] += other.counts[index] }
    total += other.total
    longest = max(longest, other.longest)
  }

  /// Microseconds below which so much of all values lies; 0 without values.
  func percentile(_ percent: Double) -> Double {
    let wanted = UInt64((Double(total) * percent / 100).rounded(.up))
    var seen: UInt64 = 0
    for (index, count) in counts.enumerated() where count > 0 {
      seen += count
      if seen >= wanted { return Self.middle(index) / 1000 }
    }
    return 0
  }

  private static func slot(_ value: UInt64) -> Int {
    guard value >= UInt64(steps) else { return Int(value) }
    let power = 63 - value.leadingZeroBitCount
    return (power - 4) * steps + Int((value >> UInt64(power - 5)) & UInt64(steps - 1))
  }

  private static func middle(_ slot: Int) -> Double {
    guard slot >= steps else { return Double(slot) }
    let power = slot / steps + 4
    let low = Double(sign: .plus, exponent: power, significand: 1)
    return low + low / Double(steps) * (Double(slot % steps) + 0.5)
  }
}
