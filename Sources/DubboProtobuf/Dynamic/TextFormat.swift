/// What protobuf's text format makes of values whose names are not needed.
enum TextFormat {
  static func literal<Number: BinaryFloatingPoint & CustomStringConvertible>(_ value: Number) -> String {
    value.isFinite ? value.description : value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
  }

  static func quoted(_ bytes: [UInt8], keepsUTF8: Bool) -> String {
    var result: [UInt8] = [UInt8(ascii: "\"")]
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
      case 10: result += [UInt8]("\\n".utf8)
      case 13: result += [UInt8]("\\r".utf8)
      case 9: result += [UInt8]("\\t".utf8)
      case 0x20..<0x7f: result.append(byte)
      case 0x80... where keepsUTF8: result.append(byte)
      default:
        let octal = String(byte, radix: 8)
        result +=
          [UInt8]("\\".utf8) + [UInt8](String(repeating: "0", count: 3 - octal.count).utf8) + [UInt8](octal.utf8)
      }
    }
    return String(decoding: result + [UInt8(ascii: "\"")], as: UTF8.self)
  }

  /// Unknown fields, each with its number as its name: what is in a message is shown, known or not.
  static func write(_ fields: UnknownFields, to text: inout String, _ indent: String) {
    do {
      try fields.forEach { tag, reader throws(WireError) in
        try write(tag, from: &reader, to: &text, indent)
        return true
      }
    } catch {
      text += "\(indent)# unknown fields that cannot be shown: \(error)\n"
    }
  }

  private static func write(
    _ tag: UInt32, from reader: inout WireReader, to text: inout String, _ indent: String
  ) throws(WireError) {
    let number = tag >> 3
    switch tag & 7 {
    case 0: text += "\(indent)\(number): \(try reader.varint())\n"
    case 1: text += "\(indent)\(number): 0x\(hex(try reader.fixed64(), digits: 16))\n"
    case 2: text += "\(indent)\(number): \(quoted(try reader.bytes(), keepsUTF8: false))\n"
    case 5: text += "\(indent)\(number): 0x\(hex(UInt64(try reader.fixed32()), digits: 8))\n"
    case 3:
      guard reader.depth > 0 else { throw .tooDeep }
      reader.depth -= 1
      text += "\(indent)\(number) {\n"
      while true {
        let inner = try reader.tag()
        if inner & 7 == 4 { break }
        try write(inner, from: &reader, to: &text, indent + "  ")
      }
      text += "\(indent)}\n"
      reader.depth += 1
    default: try reader.skipValue(of: tag)
    }
  }

  private static func hex(_ value: UInt64, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: digits - text.count) + text
  }
}
