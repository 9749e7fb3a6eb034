extension JSONReader {
  public mutating func int32() throws(JSONFault) -> Int32 { try integer() }
  public mutating func int64() throws(JSONFault) -> Int64 { try integer() }
  public mutating func uint32() throws(JSONFault) -> UInt32 { try integer() }
  public mutating func uint64() throws(JSONFault) -> UInt64 { try integer() }

  public mutating func bool() throws(JSONFault) -> Bool {
    switch peek() {
    case UInt8(ascii: "t"): if word("true") { return true }
    case UInt8(ascii: "f"): if word("false") { return false }
    default: break
    }
    throw expected("true or false")
  }

  /// A map's key: true or false, in quotes.
  public mutating func boolKey() throws(JSONFault) -> Bool {
    guard accept(UInt8(ascii: "\"")), cursor < end else { throw expected("\"true\" or \"false\"") }
    if word("true\"") { return true }
    if word("false\"") { return false }
    throw expected("\"true\" or \"false\"")
  }

  /// A number, plain or in quotes, that is whole and fits. 64 bits do not go through `Double`.
  @usableFromInline
  mutating func integer<Number: FixedWidthInteger>() throws(JSONFault) -> Number {
    let isQuoted = accept(UInt8(ascii: "\""))
    let place = cursor
    let number = try JSONNumber(&self)
    if isQuoted { try closeQuote() }
    guard let magnitude = number.whole else { throw fault("expected a whole number of 64 bits", at: place) }
    if number.isNegative {
      if magnitude == 0 { return 0 }
      guard magnitude <= 1 << 63, let value = Number(exactly: Int64(truncatingIfNeeded: 0 &- magnitude)) else {
        throw fault("the number is out of range", at: place)
      }
      return value
    }
    guard let value = Number(exactly: magnitude) else { throw fault("the number is out of range", at: place) }
    return value
  }

  private mutating func closeQuote() throws(JSONFault) {
    guard cursor < end, cursor.pointee == UInt8(ascii: "\"") else { throw expected("the number's closing quote") }
    cursor += 1
  }

  public mutating func double() throws(JSONFault) -> Double {
    let isQuoted = accept(UInt8(ascii: "\""))
    if isQuoted, let special = special() { return special }
    let place = cursor
    let number = try JSONNumber(&self)
    if isQuoted { try closeQuote() }
    let value = number.double ?? Double(number.text) ?? .infinity
    guard value.isFinite else { throw fault("the number is out of range", at: place) }
    return value
  }

  public mutating func float() throws(JSONFault) -> Float {
    let isQuoted = accept(UInt8(ascii: "\""))
    if isQuoted, let special = special() { return Float(special) }
    let place = cursor
    let number = try JSONNumber(&self)
    if isQuoted { try closeQuote() }
    let value = number.float ?? Float(number.text) ?? .infinity
    guard value.isFinite else { throw fault("the number is out of range", at: place) }
    return value
  }

  /// The names of numbers that JSON has no digits for, behind their opening quote.
  private mutating func special() -> Double? {
    if word("NaN\"") { return .nan }
    if word("Infinity\"") { return .infinity }
    if word("-Infinity\"") { return -.infinity }
    return nil
  }

  /// An enum's value by name or number; nil if it is unknown and unknown ones are skipped.
  public mutating func enumeration<E: Enum>() throws(JSONFault) -> E? {
    let place = peek() == UInt8(ascii: "\"") ? cursor : nil
    if let place {
      let name = try string()
      if let value = E(protoName: name) { return value }
      guard ignoresUnknown else { throw fault("the enum has no value '\(name)'", at: place) }
      return nil
    }
    if E.self == Google_Protobuf_NullValue.self, null() { return E() }
    let number: Int32 = try integer()
    if let value = E(rawValue: Int(number)) { return value }
    guard ignoresUnknown else { throw fault("the enum has no value \(number)") }
    return nil
  }

  public mutating func bytes() throws(JSONFault) -> [UInt8] {
    let place = cursor
    guard peek() == UInt8(ascii: "\"") else { throw expected("base64 in quotes") }
    var text = try string()
    guard let bytes = text.withUTF8({ Base64.decode($0) }) else { throw fault("expected base64", at: place) }
    return bytes
  }
}
