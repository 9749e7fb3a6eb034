internal import DubboCore

/// Tokens that come back with time: the shape of every rate limit in the engine. Time comes in as data.
struct TokenBucket {
  private let burst: Int
  private let perSecond: Int
  private(set) var tokens: Int
  private var refilled: MonotonicInstant

  init(_ bucket: HTTP2Limits.Bucket, now: MonotonicInstant) {
    burst = bucket.burst
    perSecond = bucket.perSecond
    tokens = bucket.burst
    refilled = now
  }

  /// Takes `cost` tokens; false when they are not there. Looks at the time only when the bucket seems empty.
  mutating func take(_ cost: Int = 1, now: MonotonicInstant) -> Bool {
    if tokens < cost { refill(now) }
    if tokens < cost { return false }
    tokens -= cost
    return true
  }

  mutating func earn(_ amount: Int) {
    tokens = min(burst, tokens + amount)
  }

  mutating func fill() {
    tokens = burst
  }

  private mutating func refill(_ now: MonotonicInstant) {
    guard now > refilled, perSecond > 0 else { return }
    let nanoseconds = now.nanoseconds - refilled.nanoseconds
    let (product, overflow) = nanoseconds.multipliedReportingOverflow(by: UInt64(perSecond))
    let earned = overflow ? UInt64(burst) : product / 1_000_000_000
    guard earned > 0 else { return }
    if earned >= UInt64(burst) {
      tokens = burst
      refilled = now
    } else {
      tokens = min(burst, tokens + Int(earned))
      // Only the time that became whole tokens is used up.
      refilled.nanoseconds += earned * 1_000_000_000 / UInt64(perSecond)
    }
  }
}
