extension DynamicMessage {
  /// Decodes a message of the type of that name from JSON text.
  public init(
    named fullName: String, types: DescriptorSet, jsonString text: String,
    options: JSONDecodingOptions = JSONDecodingOptions()
  ) throws(JSONDecodingError) {
    let bytes = [UInt8](text.utf8)
    guard let descriptor = types.message(named: fullName) else {
      throw JSONDecodingError(
        messageName: fullName, problem: "the definitions do not have this message", path: "$", line: 1, column: 1)
    }
    self.init(descriptor, types)
    try bytes.span.bytes.withUnsafeBytes { bytes throws(JSONDecodingError) in
      try JSONReader.read(bytes, fullName, options) { reader throws(JSONFault) in try self.mergeJSON(from: &reader) }
    }
  }

  /// Encodes the message as JSON text.
  public func jsonString(options: JSONEncodingOptions = JSONEncodingOptions()) throws(JSONEncodingError) -> String {
    var writer = JSONWriter(capacity: 256, options)
    try writeJSON(to: &writer)
    return String(decoding: writer.out.bytes, as: UTF8.self)
  }

  func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) {
    if let type = TypeRegistry.valueType(descriptor.fullName) {
      try Self.write(type, serializedBytes(), to: &json)
      return
    }
    json.beginObject()
    for field in descriptor.fields {
      guard let value = values[field.number], field.hasPresence || !value.isDefault else { continue }
      json.key(text: json.usesOriginalNames ? field.name : field.jsonName)
      try write(value, field, to: &json)
    }
    json.endObject()
  }

  /// Well-known types have JSON of their own, and code for it.
  private static func write<M: Message>(
    _: M.Type, _ bytes: [UInt8], to json: inout JSONWriter
  ) throws(JSONEncodingError) {
    let message: M
    do throws(BinaryDecodingError) {
      message = try M(serializedBytes: bytes, partial: true)
    } catch {
      throw JSONEncodingError(messageName: M.protoMessageName, problem: error.description)
    }
    try message.writeJSON(to: &json)
  }

  private func write(
    _ value: DynamicValue, _ field: FieldDescriptor, to json: inout JSONWriter
  ) throws(JSONEncodingError) {
    switch value {
    case .int32(let value): json.int32(value)
    case .int64(let value): json.int64(value)
    case .uint32(let value): json.uint32(value)
    case .uint64(let value): json.uint64(value)
    case .float(let value): json.float(value)
    case .double(let value): json.double(value)
    case .bool(let value): json.bool(value)
    case .string(let value): json.string(value)
    case .bytes(let value): json.bytes(value)
    case .enumeration(let number): enumeration(number, field, to: &json)
    case .message(let message): try message.writeJSON(to: &json)
    case .list(let values):
      json.beginArray()
      for value in values {
        json.element()
        try write(value, field, to: &json)
      }
      json.endArray()
    case .map(let entries):
      guard let (_, valueField) = entry(of: field) else { return }
      json.beginObject()
      for (key, value) in entries.sorted(by: { $0.key.precedes($1.key) }) {
        json.key(text: key.keyText)
        try write(value, valueField, to: &json)
        json.needsComma = true
      }
      json.endObject()
    }
  }

  private func enumeration(_ number: Int32, _ field: FieldDescriptor, to json: inout JSONWriter) {
    if field.typeName == "google.protobuf.NullValue" {
      json.put("null")
    } else if !json.writesEnumNumbers, let name = types.enumeration(named: field.typeName)?.name(of: number) {
      json.string(name)
    } else {
      json.int32(number)
    }
  }

  mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault) {
    if let type = TypeRegistry.valueType(descriptor.fullName) {
      try read(type, from: &json)
      return
    }
    try json.beginObject()
    var seen: Set<Int32> = []
    var oneofs: Set<String> = []
    if json.accept(UInt8(ascii: "}")) {
      json.depth += 1
      return
    }
    repeat {
      guard json.peek() == UInt8(ascii: "\"") else { throw json.expected("a name in quotes") }
      let place = json.cursor
      let name = try json.string()
      guard json.accept(UInt8(ascii: ":")) else { throw json.expected("':'") }
      guard let field = descriptor.field(named: name) else {
        guard json.ignoresUnknown else { throw json.fault("the message has no field '\(name)'", at: place) }
        try json.skipValue()
        continue
      }
      guard seen.insert(field.number).inserted else { throw json.fault("the field comes twice", at: place) }
      if field.isRepeated || !Self.takesNull(field.typeName), json.null() { continue }
      if let oneof = field.oneof, !oneofs.insert(oneof).inserted {
        throw json.fault("a second member of the oneof '\(oneof)' is set", at: place)
      }
      if let value = try fieldValue(field, from: &json) { set(field, value) }
    } while json.accept(UInt8(ascii: ","))
    guard json.accept(UInt8(ascii: "}")) else { throw json.expected("',' or '}'") }
    json.depth += 1
  }

  private static func takesNull(_ name: String) -> Bool {
    name == "google.protobuf.Value" || name == "google.protobuf.NullValue"
  }

  private mutating func read<M: Message>(_: M.Type, from json: inout JSONReader) throws(JSONFault) {
    let message: M = try json.message()
    do {
      self = try DynamicMessage(
        named: descriptor.fullName, types: types, serializedBytes: try message.serializedBytes(partial: true))
    } catch {
      throw json.fault("\(error)")
    }
  }

  private func fieldValue(_ field: FieldDescriptor, from json: inout JSONReader) throws(JSONFault) -> DynamicValue? {
    if let (key, value) = entry(of: field) { return .map(try map(key, value, from: &json)) }
    guard field.isRepeated else { return try value(of: field, from: &json) }
    guard json.accept(UInt8(ascii: "[")) else { throw json.expected("a list") }
    try json.descend()
    var values: [DynamicValue] = []
    if !json.accept(UInt8(ascii: "]")) {
      repeat {
        if let value = try value(of: field, from: &json) { values.append(value) }
      } while json.accept(UInt8(ascii: ","))
      guard json.accept(UInt8(ascii: "]")) else { throw json.expected("',' or ']'") }
    }
    json.depth += 1
    return .list(values)
  }

  private func map(
    _ keyField: FieldDescriptor, _ valueField: FieldDescriptor, from json: inout JSONReader
  ) throws(JSONFault) -> [DynamicValue: DynamicValue] {
    try json.beginObject()
    var entries: [DynamicValue: DynamicValue] = [:]
    if !json.accept(UInt8(ascii: "}")) {
      repeat {
        guard json.peek() == UInt8(ascii: "\"") else { throw json.expected("a key in quotes") }
        let place = json.cursor
        let key = keyField.kind == .bool ? .bool(try json.boolKey()) : try value(of: keyField, from: &json)
        guard json.accept(UInt8(ascii: ":")) else { throw json.expected("':'") }
        guard let key, let value = try value(of: valueField, from: &json) else { continue }
        guard entries.updateValue(value, forKey: key) == nil else { throw json.fault("the key comes twice", at: place) }
      } while json.accept(UInt8(ascii: ","))
      guard json.accept(UInt8(ascii: "}")) else { throw json.expected("',' or '}'") }
    }
    json.depth += 1
    return entries
  }

  /// nil for an unknown name of an enum that is to be skipped.
  private func value(of field: FieldDescriptor, from json: inout JSONReader) throws(JSONFault) -> DynamicValue? {
    switch field.kind {
    case .int32, .sint32, .sfixed32: return .int32(try json.int32())
    case .int64, .sint64, .sfixed64: return .int64(try json.int64())
    case .uint32, .fixed32: return .uint32(try json.uint32())
    case .uint64, .fixed64: return .uint64(try json.uint64())
    case .float: return .float(try json.float())
    case .double: return .double(try json.double())
    case .bool: return .bool(try json.bool())
    case .string: return .string(try json.string())
    case .bytes: return .bytes(try json.bytes())
    case .enum: return try enumeration(field, from: &json).map(DynamicValue.enumeration)
    case .message, .group:
      var message = emptyMessage(of: field)
      try message.mergeJSON(from: &json)
      return .message(message)
    }
  }

  private func enumeration(_ field: FieldDescriptor, from json: inout JSONReader) throws(JSONFault) -> Int32? {
    if field.typeName == "google.protobuf.NullValue", json.null() { return 0 }
    guard json.peek() == UInt8(ascii: "\"") else { return try json.int32() }
    let place = json.cursor
    let name = try json.string()
    if let number = types.enumeration(named: field.typeName)?.number(of: name) { return number }
    guard json.ignoresUnknown else { throw json.fault("the enum has no value '\(name)'", at: place) }
    return nil
  }
}

extension DynamicValue {
  /// A map's key, in JSON always text.
  fileprivate var keyText: String {
    switch self {
    case .int32(let value): String(value)
    case .int64(let value): String(value)
    case .uint32(let value): String(value)
    case .uint64(let value): String(value)
    case .bool(let value): value ? "true" : "false"
    case .string(let value): value
    default: ""
    }
  }
}
