extension JSONReader {
  /// A string; white space before it is skipped.
  @inlinable
  public mutating func string() throws(JSONFault) -> String {
    guard peek() == UInt8(ascii: "\""), cursor < end else { throw expected("a string") }
    let first = cursor + 1
    var next = first
    while next < end, next.pointee != UInt8(ascii: "\""), next.pointee != UInt8(ascii: "\\"), next.pointee >= 0x20 {
      next += 1
    }
    guard next < end, next.pointee == UInt8(ascii: "\"") else { return try escapedString() }
    cursor = next + 1
    do throws(WireError) {
      return try String(utf8At: first, count: next - first)
    } catch {
      throw fault("the string is not UTF-8", at: first)
    }
  }

  /// A string with escapes in it, or one that does not end.
  @usableFromInline
  mutating func escapedString() throws(JSONFault) -> String {
    let place = cursor
    var bytes: [UInt8] = []
    cursor += 1
    while true {
      guard cursor < end else { throw fault("the string does not end", at: place) }
      let byte = cursor.pointee
      switch byte {
      case UInt8(ascii: "\""):
        cursor += 1
        do {
          return String(copying: try UTF8Span(validating: bytes.span))
        } catch {
          throw fault("the string is not UTF-8", at: place)
        }
      case UInt8(ascii: "\\"): try escape(&bytes)
      case 0..<0x20: throw fault("a control character in a string must be escaped")
      default:
        bytes.append(byte)
        cursor += 1
      }
    }
  }

  private mutating func escape(_ bytes: inout [UInt8]) throws(JSONFault) {
    let place = cursor
    guard end - cursor >= 2 else { throw fault("the string does not end") }
    let kind = cursor[1]
    cursor += 2
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(kind)
    case UInt8(ascii: "b"): bytes.append(8)
    case UInt8(ascii: "t"): bytes.append(9)
    case UInt8(ascii: "n"): bytes.append(10)
    case UInt8(ascii: "f"): bytes.append(12)
    case UInt8(ascii: "r"): bytes.append(13)
    case UInt8(ascii: "u"):
      guard let scalar = try unicodeScalar(from: place) else { throw fault("half of a surrogate pair", at: place) }
      bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    default: throw fault("no such escape", at: place)
    }
  }

  private mutating func unicodeScalar(from place: UnsafePointer<UInt8>) throws(JSONFault) -> UnicodeScalar? {
    let first = try hexDigits(place)
    guard first & 0xfc00 == 0xd800 else { return UnicodeScalar(first) }
    guard end - cursor >= 6, cursor[0] == UInt8(ascii: "\\"), cursor[1] == UInt8(ascii: "u") else { return nil }
    cursor += 2
    let second = try hexDigits(place)
    guard second & 0xfc00 == 0xdc00 else { return nil }
    return UnicodeScalar(0x10000 + (first & 0x3ff) << 10 | second & 0x3ff)
  }

  private mutating func hexDigits(_ place: UnsafePointer<UInt8>) throws(JSONFault) -> UInt32 {
    guard end - cursor >= 4 else { throw fault("an escape has four digits", at: place) }
    var value: UInt32 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch cursor.pointee {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = cursor.pointee - 48
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = cursor.pointee - 87
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = cursor.pointee - 55
      default: throw fault("an escape has four digits", at: place)
      }
      value = value << 4 | UInt32(digit)
      cursor += 1
    }
    return value
  }

  /// Moves past one value of any kind, checking that it is one.
  @usableFromInline
  mutating func skipValue() throws(JSONFault) {
    switch peek() {
    case UInt8(ascii: "{"):
      try beginObject()
      if !accept(UInt8(ascii: "}")) {
        repeat {
          _ = try string()
          try expect(UInt8(ascii: ":"), "':'")
          try skipValue()
        } while accept(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"), "',' or '}'")
      }
      depth &+= 1
    case UInt8(ascii: "["):
      cursor += 1
      try descend()
      if !accept(UInt8(ascii: "]")) {
        repeat { try skipValue() } while accept(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"), "',' or ']'")
      }
      depth &+= 1
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool()
    case UInt8(ascii: "n"): guard null() else { throw expected("a value") }
    default: _ = try JSONNumber(&self)
    }
  }
}
