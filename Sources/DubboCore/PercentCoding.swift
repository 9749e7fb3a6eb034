/// Percent-encoding as Java's `URLDecoder` and Go's `url.QueryUnescape` read it back: UTF-8, upper-case hexadecimal
/// (Java's consumers search registries for the literal `%3F`), and never a plus sign for a space.
package enum PercentCoding {
  /// Bytes that stay as they are, one flag per ASCII code.
  package struct Plain: Sendable {
    fileprivate let flags: (UInt64, UInt64)
    /// Whether bytes from 0x80 stay as they are.
    fileprivate let nonASCII: Bool

    package init(adding characters: StaticString, nonASCII: Bool = false) {
      var low: UInt64 = 0
      var high: UInt64 = 0
      func add(_ byte: UInt8) {
        if byte < 64 { low |= 1 << UInt64(byte) } else if byte < 128 { high |= 1 << UInt64(byte - 64) }
      }
      for byte in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._".utf8 { add(byte) }
      characters.withUTF8Buffer { for byte in $0 { add(byte) } }
      flags = (low, high)
      self.nonASCII = nonASCII
    }

    fileprivate func contains(_ byte: UInt8) -> Bool {
      if byte < 64 { return flags.0 >> UInt64(byte) & 1 == 1 }
      if byte < 128 { return flags.1 >> UInt64(byte - 64) & 1 == 1 }
      return nonASCII
    }
  }

  /// A whole text as one component, as Java's `URLEncoder` would but with `%20` for a space.
  package static let component = Plain(adding: "*")

  package static func encode(_ text: some StringProtocol, plain: Plain, into bytes: inout [UInt8]) {
    for byte in text.utf8 {
      if plain.contains(byte) {
        bytes.append(byte)
      } else {
        bytes.append(UInt8(ascii: "%"))
        bytes.append(hexadecimal(byte >> 4))
        bytes.append(hexadecimal(byte & 15))
      }
    }
  }

  package static func encode(_ text: some StringProtocol, plain: Plain = component) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    encode(text, plain: plain, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What to do with a percent sign that two hexadecimal digits do not follow.
  package enum Malformed: Sendable {
    case isAnError
    case standsForItself
  }

  /// Why a text cannot be decoded: the offset of the byte at fault, in bytes from the start of the slice.
  package struct Failure: Error {
    package var offset: Int
    package var reason: String
  }

  package static func decode(
    _ bytes: ArraySlice<UInt8>, plusIsSpace: Bool, malformed: Malformed
  ) throws(Failure) -> String {
    let percent = UInt8(ascii: "%")
    let plus = UInt8(ascii: "+")
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == percent {
        if bytes.endIndex - index > 2, let high = value(of: bytes[index + 1]), let low = value(of: bytes[index + 2]) {
          decoded.append(high << 4 | low)
          index += 3
          continue
        }
        guard malformed == .standsForItself else {
          throw Failure(
            offset: index - bytes.startIndex,
            reason: "\"%\" needs two hexadecimal digits after it; write %25 for itself")
        }
      }
      decoded.append(byte == plus && plusIsSpace ? UInt8(ascii: " ") : byte)
      index += 1
    }
    guard let text = String(validating: decoded, as: UTF8.self) else {
      if malformed == .standsForItself { return String(decoding: decoded, as: UTF8.self) }
      throw Failure(offset: 0, reason: "the decoded bytes are not UTF-8")
    }
    return text
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
