extension DynamicMessage {
  /// Decodes a message of the type of that name.
  public init(
    named fullName: String, types: DescriptorSet, serializedBytes bytes: [UInt8]
  ) throws(BinaryDecodingError) {
    let descriptor =
      types.message(named: fullName)
      ?? MessageDescriptor(Google_Protobuf_DescriptorProto(), fullName: fullName, isProto3: true)
    self.init(descriptor, types)
    try bytes.span.bytes.withUnsafeBytes { bytes throws(BinaryDecodingError) in
      guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
      var reader = WireReader(start: start, count: bytes.count)
      do throws(WireError) {
        try self.merge(from: &reader)
      } catch {
        throw BinaryDecodingError(messageName: fullName, reason: error, offset: reader.cursor - start)
      }
    }
  }

  /// Encodes the message, its fields in the order of their numbers and its maps in the order of their keys.
  public func serializedBytes() -> [UInt8] {
    var writer = WireWriter()
    write(to: &writer)
    return writer.bytes
  }

  mutating func merge(from reader: inout WireReader) throws(WireError) {
    while !reader.atEnd {
      let tag = try reader.tag()
      guard tag >> 3 != 0, let field = descriptor.field(number: Int32(bitPattern: tag >> 3)) else {
        try reader.unknown(tag, &unknownFields)
        continue
      }
      if let (key, value) = entry(of: field), tag & 7 == 2 {
        try mergeEntry(field, key, value, from: &reader)
      } else if tag & 7 == field.wireType {
        let old = values[field.number]
        let value = try self.value(of: field, old, from: &reader)
        guard isKnown(value, field) else { continue }
        if field.isRepeated { append([value], to: field) } else { set(field, value) }
      } else if field.isRepeated, tag & 7 == 2, field.wireType != 3 {
        append(try packed(field, from: &reader).filter { isKnown($0, field) }, to: field)
      } else {
        try reader.unknown(tag, &unknownFields)
      }
    }
  }

  /// False for a number that a closed enum does not have, which is then kept as an unknown field.
  private mutating func isKnown(_ value: DynamicValue, _ field: FieldDescriptor) -> Bool {
    guard case .enumeration(let number) = value, isOutside(number, field) else { return true }
    unknownFields.append(UInt32(bitPattern: field.number) << 3, number: Int(number))
    return false
  }

  private func isOutside(_ number: Int32, _ field: FieldDescriptor) -> Bool {
    guard let type = types.enumeration(named: field.typeName) else { return false }
    return type.isClosed && type.name(of: number) == nil
  }

  private mutating func append(_ added: [DynamicValue], to field: FieldDescriptor) {
    var list: [DynamicValue] = []
    if case .list(let old)? = values.removeValue(forKey: field.number) { list = old }
    list.append(contentsOf: added)
    values[field.number] = .list(list)
  }

  private func packed(_ field: FieldDescriptor, from reader: inout WireReader) throws(WireError) -> [DynamicValue] {
    let count = try reader.length()
    let outer = reader.end
    reader.end = reader.cursor + count
    var values: [DynamicValue] = []
    while !reader.atEnd { values.append(try value(of: field, nil, from: &reader)) }
    reader.end = outer
    return values
  }

  private mutating func mergeEntry(
    _ field: FieldDescriptor, _ keyField: FieldDescriptor, _ valueField: FieldDescriptor, from reader: inout WireReader
  ) throws(WireError) {
    let start = reader.cursor
    let count = try reader.length()
    let outer = reader.end
    guard reader.depth > 0 else { throw .tooDeep }
    reader.depth -= 1
    reader.end = reader.cursor + count
    var key = defaultValue(of: keyField)
    var value = defaultValue(of: valueField)
    while !reader.atEnd {
      let tag = try reader.tag()
      if tag == keyField.tag {
        key = try self.value(of: keyField, nil, from: &reader)
      } else if tag == valueField.tag {
        value = try self.value(of: valueField, value, from: &reader)
      } else {
        try reader.skipValue(of: tag)
      }
    }
    reader.end = outer
    reader.depth += 1
    if case .enumeration(let number) = value, isOutside(number, valueField) {
      unknownFields.append(field.tag, UnsafeBufferPointer(start: start, count: reader.cursor - start))
      return
    }
    var entries: [DynamicValue: DynamicValue] = [:]
    if case .map(let old)? = values.removeValue(forKey: field.number) { entries = old }
    entries[key] = value
    values[field.number] = .map(entries)
  }

  private func value(
    of field: FieldDescriptor, _ old: DynamicValue?, from reader: inout WireReader
  ) throws(WireError) -> DynamicValue {
    switch field.kind {
    case .int32: return .int32(try reader.int32())
    case .sint32: return .int32(try reader.sint32())
    case .sfixed32: return .int32(try reader.sfixed32())
    case .int64: return .int64(try reader.int64())
    case .sint64: return .int64(try reader.sint64())
    case .sfixed64: return .int64(try reader.sfixed64())
    case .uint32: return .uint32(try reader.uint32())
    case .fixed32: return .uint32(try reader.fixed32())
    case .uint64: return .uint64(try reader.uint64())
    case .fixed64: return .uint64(try reader.fixed64())
    case .float: return .float(try reader.float())
    case .double: return .double(try reader.double())
    case .bool: return .bool(try reader.bool())
    case .enum: return .enumeration(try reader.int32())
    case .string: return .string(try reader.string())
    case .bytes: return .bytes(try reader.bytes())
    case .message, .group: break
    }
    var message = emptyMessage(of: field)
    if case .message(let current)? = old { message = current }
    try nested(&message, field, from: &reader)
    return .message(message)
  }

  private func nested(
    _ message: inout DynamicMessage, _ field: FieldDescriptor, from reader: inout WireReader
  ) throws(WireError) {
    let outer = reader.end
    let after: UnsafePointer<UInt8>
    if field.kind == .group {
      let start = reader.cursor
      let end = try reader.skipGroup(UInt32(bitPattern: field.number))
      after = reader.cursor
      reader.cursor = start
      reader.end = end
    } else {
      let count = try reader.length()
      after = reader.cursor + count
      reader.end = after
    }
    guard reader.depth > 0 else { throw .tooDeep }
    reader.depth -= 1
    try message.merge(from: &reader)
    reader.depth += 1
    reader.cursor = after
    reader.end = outer
  }

  func write(to writer: inout WireWriter) {
    for field in descriptor.fields.sorted(by: { $0.number < $1.number }) {
      guard let value = values[field.number], field.hasPresence || !value.isDefault else { continue }
      switch value {
      case .map(let entries): write(entries, of: field, to: &writer)
      case .list(let values) where field.isPacked: write(packed: values, of: field, to: &writer)
      case .list(let values): for value in values { Self.write(value, field, field.tag, to: &writer) }
      default: Self.write(value, field, field.tag, to: &writer)
      }
    }
    writer.unknown(unknownFields)
  }

  private func write(_ entries: [DynamicValue: DynamicValue], of field: FieldDescriptor, to writer: inout WireWriter) {
    guard let (key, value) = entry(of: field) else { return }
    for (entryKey, entryValue) in entries.sorted(by: { $0.key.precedes($1.key) }) {
      var part = WireWriter(capacity: 64)
      Self.write(entryKey, key, key.tag, to: &part)
      Self.write(entryValue, value, value.tag, to: &part)
      writer.bytes(field.tag, part.bytes)
    }
  }

  private func write(packed values: [DynamicValue], of field: FieldDescriptor, to writer: inout WireWriter) {
    var part = WireWriter(capacity: 64)
    for value in values { Self.write(value, field, nil, to: &part) }
    writer.bytes(UInt32(bitPattern: field.number) << 3 | 2, part.bytes)
  }

  /// One value, behind its tag; without one when it is packed.
  private static func write(
    _ value: DynamicValue, _ field: FieldDescriptor, _ tag: UInt32?, to writer: inout WireWriter
  ) {
    if let tag, field.kind != .group {
      writer.reserve(5)
      writer.put(varint: UInt64(tag))
    }
    writer.reserve(10)
    switch value {
    case .int32(let value) where field.kind == .sint32: writer.put(varint: UInt64(zigzag(value)))
    case .int32(let value) where field.kind == .sfixed32: writer.put(fixed: value)
    case .int32(let value), .enumeration(let value): writer.put(varint: UInt64(bitPattern: Int64(value)))
    case .int64(let value) where field.kind == .sint64: writer.put(varint: zigzag(value))
    case .int64(let value) where field.kind == .sfixed64: writer.put(fixed: value)
    case .int64(let value): writer.put(varint: UInt64(bitPattern: value))
    case .uint32(let value) where field.kind == .fixed32: writer.put(fixed: value)
    case .uint32(let value): writer.put(varint: UInt64(value))
    case .uint64(let value) where field.kind == .fixed64: writer.put(fixed: value)
    case .uint64(let value): writer.put(varint: value)
    case .float(let value): writer.put(fixed: value.bitPattern)
    case .double(let value): writer.put(fixed: value.bitPattern)
    case .bool(let value): writer.put(varint: value ? 1 : 0)
    case .string(let value): delimited([UInt8](value.utf8), to: &writer)
    case .bytes(let value): delimited(value, to: &writer)
    case .message(let message): nested(message, field, to: &writer)
    case .list, .map: break
    }
  }

  private static func delimited(_ bytes: [UInt8], to writer: inout WireWriter) {
    writer.reserve(10 + bytes.count)
    writer.put(varint: UInt64(bytes.count))
    writer.put(bytes)
  }

  private static func nested(_ message: DynamicMessage, _ field: FieldDescriptor, to writer: inout WireWriter) {
    guard field.kind == .group else {
      let mark = writer.open()
      message.write(to: &writer)
      writer.close(mark)
      return
    }
    let number = UInt64(UInt32(bitPattern: field.number))
    writer.put(varint: number << 3 | 3)
    message.write(to: &writer)
    writer.reserve(5)
    writer.put(varint: number << 3 | 4)
  }
}

extension DynamicValue {
  /// The order of a map's keys.
  func precedes(_ other: DynamicValue) -> Bool {
    switch (self, other) {
    case (.int32(let left), .int32(let right)): left < right
    case (.int64(let left), .int64(let right)): left < right
    case (.uint32(let left), .uint32(let right)): left < right
    case (.uint64(let left), .uint64(let right)): left < right
    case (.string(let left), .string(let right)): left < right
    case (.bool(let left), .bool(let right)): !left && right
    default: false
    }
  }
}
