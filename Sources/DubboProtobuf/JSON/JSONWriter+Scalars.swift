extension JSONWriter {
  @inlinable
  public mutating func int32(_ value: Int32) { decimal(value.magnitude, isNegative: value < 0) }

  @inlinable
  public mutating func uint32(_ value: UInt32) { decimal(value, isNegative: false) }

  /// 64-bit integers are strings, for JavaScript's sake.
  @inlinable
  public mutating func int64(_ value: Int64) { quotedDecimal(value.magnitude, isNegative: value < 0) }

  @inlinable
  public mutating func uint64(_ value: UInt64) { quotedDecimal(value, isNegative: false) }

  @inlinable
  public mutating func bool(_ value: Bool) {
    if value { put("true") } else { put("false") }
  }

  public mutating func double(_ value: Double) {
    if value.isFinite {
      // Whole numbers up to 2^53 are exact; minus zero keeps its sign.
      if let whole = Int64(exactly: value), whole.magnitude <= 1 << 53, whole != 0 || value.sign == .plus {
        decimal(whole.magnitude, isNegative: whole < 0)
      } else {
        ascii(value.description)
      }
    } else {
      put(value.isNaN ? "\"NaN\"" : value < 0 ? "\"-Infinity\"" : "\"Infinity\"")
    }
  }

  public mutating func float(_ value: Float) {
    if value.isFinite {
      if let whole = Int32(exactly: value), whole.magnitude <= 1 << 24, whole != 0 || value.sign == .plus {
        int32(whole)
      } else {
        ascii(value.description)
      }
    } else {
      double(Double(value))
    }
  }

  /// An enum by its name; by its number when it has none. The one value of `NullValue` is `null`.
  public mutating func enumeration<E: Enum>(_ value: E) {
    if E.self == Google_Protobuf_NullValue.self, value.rawValue == 0 {
      put("null")
      return
    }
    if !writesEnumNumbers, let name = value.protoName {
      out.reserve(name.utf8CodeUnitCount + 2)
      out.put(UInt8(ascii: "\""))
      out.put(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
      out.put(UInt8(ascii: "\""))
    } else {
      int32(Int32(truncatingIfNeeded: value.rawValue))
    }
  }

  public mutating func bytes(_ value: [UInt8]) {
    out.reserve((value.count / 3 + 1) * 4 + 2)
    out.put(UInt8(ascii: "\""))
    Base64.write(value, to: &out)
    out.put(UInt8(ascii: "\""))
  }

  @usableFromInline
  mutating func quotedDecimal(_ magnitude: UInt64, isNegative: Bool) {
    out.reserve(24)
    out.put(UInt8(ascii: "\""))
    decimal(magnitude, isNegative: isNegative)
    out.put(UInt8(ascii: "\""))
  }

  @usableFromInline
  mutating func decimal<Number: FixedWidthInteger & UnsignedInteger>(_ magnitude: Number, isNegative: Bool) {
    out.reserve(22)
    if isNegative { out.put(UInt8(ascii: "-")) }
    var digits = 1
    var bound: UInt64 = 10
    let value = UInt64(magnitude)
    while digits < 20, value >= bound {
      digits &+= 1
      guard digits < 20 else { break }
      bound &*= 10
    }
    var rest = value
    var position = out.cursor + digits
    out.cursor = position
    repeat {
      position -= 1
      position.pointee = UInt8(truncatingIfNeeded: 48 &+ rest % 10)
      rest /= 10
    } while rest != 0
  }

  mutating func ascii(_ text: String) {
    var text = text
    text.withUTF8 {
      out.reserve($0.count)
      out.put($0)
    }
  }

  public mutating func string(_ value: String) {
    let written: Void? = value.utf8.withContiguousStorageIfAvailable { string(utf8: $0) }
    if written == nil { [UInt8](value.utf8).withUnsafeBufferPointer { string(utf8: $0) } }
  }

  /// Control characters, quotes and backslashes are escaped; all else goes as it is.
  @usableFromInline
  mutating func string(utf8 bytes: UnsafeBufferPointer<UInt8>) {
    out.reserve(bytes.count &* 6 &+ 2)
    out.put(UInt8(ascii: "\""))
    if Self.needsNoEscape(bytes) {
      out.put(bytes)
    } else {
      for byte in bytes { escaped(byte) }
    }
    out.put(UInt8(ascii: "\""))
  }

  private static func needsNoEscape(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    for byte in bytes where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7f {
      return false
    }
    return true
  }

  private mutating func escaped(_ byte: UInt8) {
    let short: UInt8
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): short = byte
    case 8: short = UInt8(ascii: "b")
    case 9: short = UInt8(ascii: "t")
    case 10: short = UInt8(ascii: "n")
    case 12: short = UInt8(ascii: "f")
    case 13: short = UInt8(ascii: "r")
    case 0..<0x20, 0x7f:
      let digits: StaticString = "0123456789abcdef"
      put("\\u00")
      out.put(digits.utf8Start[Int(byte >> 4)])
      out.put(digits.utf8Start[Int(byte & 15)])
      return
    default:
      out.put(byte)
      return
    }
    out.put(UInt8(ascii: "\\"))
    out.put(short)
  }
}
