/// RFC 4648: written in the standard alphabet with padding, read in either alphabet with or without.
package enum Base64 {
  private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

  package static func text(_ bytes: [UInt8]) -> String {
    var out = WireWriter(capacity: (bytes.count / 3 + 1) * 4)
    write(bytes, to: &out)
    return String(decoding: out.bytes, as: UTF8.self)
  }

  /// The room was reserved.
  static func write(_ bytes: [UInt8], to out: inout WireWriter) {
    let digits = alphabet.utf8Start
    var index = 0
    func digit(_ bits: UInt32) -> UInt8 { digits[Int(bits & 63)] }
    while index + 3 <= bytes.count {
      let bits = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
      out.put(digit(bits >> 18))
      out.put(digit(bits >> 12))
      out.put(digit(bits >> 6))
      out.put(digit(bits))
      index += 3
    }
    let left = bytes.count - index
    guard left > 0 else { return }
    let bits = UInt32(bytes[index]) << 16 | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
    out.put(digit(bits >> 18))
    out.put(digit(bits >> 12))
    out.put(left > 1 ? digit(bits >> 6) : UInt8(ascii: "="))
    out.put(UInt8(ascii: "="))
  }

  /// The bytes, or nil if the text is neither base64 nor base64url.
  static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var count = text.count
    while count > 0, text[count - 1] == UInt8(ascii: "="), text.count - count < 2 { count -= 1 }
    guard count % 4 != 1, count == text.count || text.count % 4 == 0 else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(count / 4 * 3 + 2)
    var bits: UInt32 = 0
    var held = 0
    for byte in text[..<count] {
      guard let value = value(of: byte) else { return nil }
      bits = bits << 6 | value
      held += 6
      if held >= 8 {
        held -= 8
        result.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
      }
    }
    return result
  }

  private static func value(of byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte) - 97 + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) - 48 + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }
}
