/// The `grpc-timeout` header: at most eight digits and a unit (gRPC over HTTP/2, Timeout).
enum GRPCTimeout {
  /// The largest value that is taken at its word, about a century; more is as good as no limit.
  private static let most = UInt64(100) * 365 * 24 * 3_600 * 1_000_000_000

  /// Nil when `text` is no timeout: empty, more than eight digits, a sign, or an unknown unit.
  static func parse(_ text: some BidirectionalCollection<UInt8>) -> Duration? {
    guard let unit = text.last, text.count >= 2, text.count <= 9 else { return nil }
    var number: UInt64 = 0
    for character in text.dropLast() {
      let digit = character &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      number = number * 10 + UInt64(digit)  // eight digits at most
    }
    let scale: UInt64
    switch unit {
    case UInt8(ascii: "n"): scale = 1
    case UInt8(ascii: "u"): scale = 1_000
    case UInt8(ascii: "m"): scale = 1_000_000
    case UInt8(ascii: "S"): scale = 1_000_000_000
    case UInt8(ascii: "M"): scale = 60 * 1_000_000_000
    case UInt8(ascii: "H"): scale = 3_600 * 1_000_000_000
    default: return nil
    }
    let (nanoseconds, overflow) = number.multipliedReportingOverflow(by: scale)
    return .nanoseconds(Int64(clamping: overflow ? most : min(nanoseconds, most)))
  }

  /// The header's value for a time that is left, in the finest unit that eight digits hold, rounded down; a time that
  /// is over gives `0n`.
  static func format(nanoseconds: UInt64) -> [UInt8] {
    var value = nanoseconds
    for (unit, divisor) in [("n", 1), ("u", 1_000), ("m", 1_000), ("S", 1_000), ("M", 60), ("H", 60)]
      as [(String, UInt64)]
    {
      value /= divisor
      if value < 100_000_000 { return Array("\(value)\(unit)".utf8) }
    }
    return Array("99999999H".utf8)
  }
}
