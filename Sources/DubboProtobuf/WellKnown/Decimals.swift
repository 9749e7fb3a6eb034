/// Decimal digits as times and durations write them.
enum Decimals {
  static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Nothing, or a point and 3, 6 or 9 digits.
  static func fraction(_ nanos: Int32) -> String {
    let nanos = Int(nanos.magnitude)
    if nanos == 0 { return "" }
    if nanos % 1_000_000 == 0 { return "." + padded(nanos / 1_000_000, 3) }
    if nanos % 1_000 == 0 { return "." + padded(nanos / 1_000, 6) }
    return "." + padded(nanos, 9)
  }
}

/// Reads digits and single characters from the front of a text.
struct DigitScanner {
  private let text: [UInt8]
  private var index = 0

  init(_ text: [UInt8]) { self.text = text }

  var isAtEnd: Bool { index == text.count }

  mutating func skip(_ character: Character) -> Bool {
    guard index < text.count, text[index] == character.asciiValue else { return false }
    index += 1
    return true
  }

  /// Exactly `count` digits.
  mutating func digits(_ count: Int) -> Int? {
    var value = 0
    for _ in 0..<count {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// One to twelve digits.
  mutating func number() -> Int64? {
    guard var value = digit() else { return nil }
    var count = 1
    while let digit = digit() {
      count += 1
      guard count <= 12 else { return nil }
      value = value * 10 + digit
    }
    return Int64(value)
  }

  /// One to nine digits behind a point, as nanoseconds.
  mutating func fraction() -> Int32? {
    guard var value = digit() else { return nil }
    var count = 1
    while let digit = digit() {
      count += 1
      guard count <= 9 else { return nil }
      value = value * 10 + digit
    }
    for _ in count..<9 { value *= 10 }
    return Int32(truncatingIfNeeded: value)
  }

  private mutating func digit() -> Int? {
    guard index < text.count, (48...57).contains(text[index]) else { return nil }
    index += 1
    return Int(text[index - 1] - 48)
  }
}

extension Duration {
  /// Both of one sign, and the seconds as far as 64 bits go.
  var wholeSecondsAndNanoseconds: (Int64, Int32) {
    let (seconds, attoseconds) = components
    return (seconds, Int32(truncatingIfNeeded: attoseconds / 1_000_000_000))
  }
}
