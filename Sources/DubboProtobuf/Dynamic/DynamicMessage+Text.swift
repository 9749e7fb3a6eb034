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
    TextFormat.write(unknownFields, to: &text, indent)
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
    case .float(let value): TextFormat.literal(value)
    case .double(let value): TextFormat.literal(value)
    case .bool(let value): value ? "true" : "false"
    case .string(let value): TextFormat.quoted([UInt8](value.utf8), keepsUTF8: true)
    case .bytes(let value): TextFormat.quoted(value, keepsUTF8: false)
    case .enumeration(let number): types.enumeration(named: field.typeName)?.name(of: number) ?? String(number)
    case .message, .list, .map: ""
    }
  }
}
