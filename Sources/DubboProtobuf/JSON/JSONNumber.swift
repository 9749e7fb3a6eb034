/// A number's text, and its digits as far as they fit: enough for all integers and for most doubles.
struct JSONNumber {
  private(set) var isNegative = false
  /// All significant digits, unless there are too many; its decimal point stands `exponent` digits from its end.
  private var digits: UInt64 = 0
  private var exponent = 0
  private var isExact = true
  private let start: UnsafePointer<UInt8>
  private var count = 0

  /// Reads by RFC 8259's grammar. White space before it is skipped only outside of quotes.
  init(_ json: inout JSONReader) throws(JSONFault) {
    if json.cursor == json.start || json.cursor[-1] != UInt8(ascii: "\"") { json.skipSpace() }
    start = json.cursor
    let end = json.end
    var next = json.cursor
    if next < end, next.pointee == UInt8(ascii: "-") {
      isNegative = true
      next += 1
    }
    guard next < end, Self.isDigit(next.pointee) else { throw json.expected("a number") }
    if next.pointee == UInt8(ascii: "0"), end - next > 1, Self.isDigit(next[1]) {
      throw json.fault("a number does not begin with zero")
    }
    // Zeros are held back until a digit follows them, so that 1.000… stays small.
    var zeros = 0
    while next < end, Self.isDigit(next.pointee) {
      add(next.pointee, &zeros)
      next += 1
    }
    exponent = zeros
    if next < end, next.pointee == UInt8(ascii: ".") {
      next += 1
      guard next < end, Self.isDigit(next.pointee) else { throw json.expected("a number with digits behind its point") }
      var decimals = 0
      while next < end, Self.isDigit(next.pointee) {
        decimals += 1
        if next.pointee != UInt8(ascii: "0") {
          exponent = -decimals
          add(next.pointee, &zeros)
        } else {
          zeros += 1
        }
        next += 1
      }
    }
    if next < end, next.pointee | 0x20 == UInt8(ascii: "e") {
      next += 1
      var isMinus = false
      if next < end, next.pointee == UInt8(ascii: "-") || next.pointee == UInt8(ascii: "+") {
        isMinus = next.pointee == UInt8(ascii: "-")
        next += 1
      }
      guard next < end, Self.isDigit(next.pointee) else { throw json.expected("a number with digits in its exponent") }
      var value = 0
      while next < end, Self.isDigit(next.pointee) {
        value = min(value * 10 + Int(next.pointee - 48), 1_000_000)
        next += 1
      }
      exponent += isMinus ? -value : value
    }
    count = next - start
    json.cursor = next
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

  private mutating func add(_ digit: UInt8, _ zeros: inout Int) {
    if digit == UInt8(ascii: "0") {
      if digits != 0 { zeros += 1 }
      return
    }
    guard isExact, zeros < 19 else {
      isExact = isExact && digits == 0
      if isExact { (digits, zeros) = (UInt64(digit - 48), 0) }
      return
    }
    for _ in 0...zeros {
      let (product, overflow) = digits.multipliedReportingOverflow(by: 10)
      isExact = isExact && !overflow
      digits = product
    }
    zeros = 0
    let (sum, overflow) = digits.addingReportingOverflow(UInt64(digit - 48))
    isExact = isExact && !overflow
    digits = sum
  }

  var text: String { String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self) }

  /// The magnitude, if it is a whole number of 64 bits.
  var whole: UInt64? {
    guard isExact else { return nil }
    if digits == 0 { return 0 }
    var value = digits
    // Digits end with one that is not zero: with decimals it cannot be whole.
    guard exponent >= 0, exponent < 20 else { return nil }
    for _ in 0..<exponent {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = product
    }
    return value
  }

  /// One exact operation on two exact numbers, and so the right result; nil where that is not enough.
  var double: Double? {
    guard isExact, digits <= 1 << 53 else { return nil }
    if digits == 0 { return isNegative ? -0.0 : 0 }
    guard exponent >= -22, exponent <= 22 else { return nil }
    let value = exponent < 0 ? Double(digits) / Self.power(-exponent) : Double(digits) * Self.power(exponent)
    return isNegative ? -value : value
  }

  /// The same for 24 bits, where powers up to 10^10 are exact.
  var float: Float? {
    guard isExact, digits <= 1 << 24 else { return nil }
    if digits == 0 { return isNegative ? -0.0 : 0 }
    guard exponent >= -10, exponent <= 10 else { return nil }
    let power = Float(Self.power(abs(exponent)))
    let value = exponent < 0 ? Float(digits) / power : Float(digits) * power
    return isNegative ? -value : value
  }

  private static func power(_ exponent: Int) -> Double {
    var value = 1.0
    for _ in 0..<exponent { value *= 10 }
    return value
  }
}
