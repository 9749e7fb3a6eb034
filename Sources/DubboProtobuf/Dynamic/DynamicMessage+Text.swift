extension DynamicMessage: CustomDebugStringConvertible {
  /// The message in protobuf's text format, one field a line.
  public var debugDescription: String {
    var text = ""
    write(to: &text, indent: "")
    return text
  }

  private func write(to text: inout String, indent: String) {
    for field in descriptor.fields.sorted(by: { $0.number < $1.number }) {
      guard let value = values[field.number], field.hasPresence || !value.isDefault else { continue }
      let name =
        field.kind == .group ? field.typeName.split(separator: ".").last.map(String.init) ?? field.name : field.name
      switch value {
      case .list(let values):
        for value in values { write(value, name, field, to: &text, indent) }
      case .map(let entries):
        guard let (keyField, valueField) = entry(of: field) else { continue }
        for (key, value) in entries.sorted(by: { $0.key.precedes($1.key) }) {
          text += "\(indent)\(name) {\n"
          write(key, "key", keyField, to: &text, indent + "  ")
          write(value, "value", valueField, to: &text, indent + "  ")
          text += "\(indent)}\n"
        }
      default: write(value, name, field, to: &text, indent)
      }
    }
    if !unknownFields.isEmpty { text += "\(indent)# \(unknownFields.data.count) bytes of unknown fields\n" }
  }

  private func write(
    _ value: DynamicValue, _ name: String, _ field: FieldDescriptor, to text: inout String, _ indent: String
  ) {
    if case .message(let message) = value {
      text += "\(indent)\(name) {\n"
      message.write(to: &text, indent: indent + "  ")
      text += "\(indent)}\n"
    } else {
      text += "\(indent)\(name): \(literal(value, field))\n"
    }
  }

  private func literal(_ value: DynamicValue, _ field: FieldDescriptor) -> String {
    switch value {
    case .int32(let value): String(value)
    case .int64(let value): String(value)
    case .uint32(let value): String(value)
    case .uint64(let value): String(value)
    case .float(let value): value.isFinite ? value.description : value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
    case .double(let value): value.isFinite ? value.description : value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
    case .bool(let value): value ? "true" : "false"
    case .string(let value): Self.quoted([UInt8](value.utf8), keepsUTF8: true)
    case .bytes(let value): Self.quoted(value, keepsUTF8: false)
    case .enumeration(let number): types.enumeration(named: field.typeName)?.name(of: number) ?? String(number)
    case .message, .list, .map: ""
    }
  }

  private static func quoted(_ bytes: [UInt8], keepsUTF8: Bool) -> String {
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
}
