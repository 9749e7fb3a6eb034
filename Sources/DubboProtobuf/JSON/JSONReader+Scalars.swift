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
    cursor -= 1
    let place = cursor
    switch try string() {
    case "true": return true
    case "false": return false
    default: throw fault("expected \"true\" or \"false\"", at: place)
    }
  }

  /// A number, plain or in quotes, that is whole and fits. 64 bits do not go through `Double`.
  @usableFromInline
  mutating func integer<Number: FixedWidthInteger>() throws(JSONFault) -> Number {
    if hasEscapedNumber { return try unescaped { json throws(JSONFault) in try json.integer() } }
    let isQuoted = try openNumber()
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

  /// A number in quotes may have escapes in it, which nobody writes.
  private var hasEscapedNumber: Bool {
    mutating get {
      guard peek() == UInt8(ascii: "\"") else { return false }
      var next = cursor + 1
      while next < end, next.pointee != UInt8(ascii: "\"") {
        if next.pointee == UInt8(ascii: "\\") { return true }
        next += 1
      }
      return false
    }
  }

  /// Reads a string with escapes, and what it stands for as if it had none.
  private mutating func unescaped<Value>(
    _ read: (inout JSONReader) throws(JSONFault) -> Value
  ) throws(JSONFault) -> Value {
    let place = cursor
    let text = [UInt8]("\"\(try string())\"".utf8)
    do throws(JSONFault) {
      return try text.span.bytes.withUnsafeBytes { bytes throws(JSONFault) -> Value in
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { throw expected("a number") }
        var inner = JSONReader(start, count: bytes.count, JSONDecodingOptions())
        guard !inner.hasEscapedNumber else { throw inner.expected("a number") }
        let value = try read(&inner)
        try inner.finish()
        return value
      }
    } catch {
      throw fault(error.problem, at: place)
    }
  }

  /// Moves past the quote of a number in quotes, if there is a number in them.
  private mutating func openNumber() throws(JSONFault) -> Bool {
    guard peek() == UInt8(ascii: "\"") else { return false }
    guard end - cursor > 1, cursor[1] == UInt8(ascii: "-") || (48...57).contains(cursor[1]) else {
      throw expected("a number")
    }
    cursor += 1
    return true
  }

  private mutating func closeQuote() throws(JSONFault) {
    guard cursor < end, cursor.pointee == UInt8(ascii: "\"") else { throw expected("the number's closing quote") }
    cursor += 1
  }

  public mutating func double() throws(JSONFault) -> Double {
    if let special = special() { return special }
    if hasEscapedNumber { return try unescaped { json throws(JSONFault) in try json.double() } }
    let isQuoted = try openNumber()
    let place = cursor
    let number = try JSONNumber(&self)
    if isQuoted { try closeQuote() }
    let value = number.double ?? Double(number.text) ?? .infinity
    guard value.isFinite else { throw fault("the number is out of range", at: place) }
    return value
  }

  public mutating func float() throws(JSONFault) -> Float {
    if let special = special() { return Float(special) }
    if hasEscapedNumber { return try unescaped { json throws(JSONFault) in try json.float() } }
    let isQuoted = try openNumber()
    let place = cursor
    let number = try JSONNumber(&self)
    if isQuoted { try closeQuote() }
    let value = number.float ?? Float(number.text) ?? .infinity
    guard value.isFinite else { throw fault("the number is out of range", at: place) }
    return value
  }

  /// Numbers that JSON has no digits for.
  private mutating func special() -> Double? {
    guard peek() == UInt8(ascii: "\"") else { return nil }
    if word("\"NaN\"") { return .nan }
    if word("\"Infinity\"") { return .infinity }
    if word("\"-Infinity\"") { return -.infinity }
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
