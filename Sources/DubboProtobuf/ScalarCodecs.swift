// One codec per scalar type. They differ in the one word that names the reader's and the writer's function.

public enum ProtoInt32: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 0 }
  @inlinable public static var width: Int { 0 }
  @inlinable public static var defaultValue: Int32 { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Int32) throws(WireError) {
    value = try reader.int32()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Int32, _ tag: UInt32, to writer: inout WireWriter) { writer.int32(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: Int32) -> UInt64 { UInt64(bitPattern: Int64(value)) }

  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> Int32? { try json.int32() }

  @inlinable
  public static func writeJSON(_ value: Int32, to json: inout JSONWriter) { json.int32(value) }

  @inlinable
  public static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> Int32 { try json.int32() }

  @inlinable
  public static func writeJSONKey(_ value: Int32, to json: inout JSONWriter) { json.int64(Int64(value)) }
}

public enum ProtoInt64: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 0 }
  @inlinable public static var width: Int { 0 }
  @inlinable public static var defaultValue: Int64 { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Int64) throws(WireError) {
    value = try reader.int64()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Int64, _ tag: UInt32, to writer: inout WireWriter) { writer.int64(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: Int64) -> UInt64 { UInt64(bitPattern: value) }

  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> Int64? { try json.int64() }

  @inlinable
  public static func writeJSON(_ value: Int64, to json: inout JSONWriter) { json.int64(value) }

  @inlinable
  public static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> Int64 { try json.int64() }

  @inlinable
  public static func writeJSONKey(_ value: Int64, to json: inout JSONWriter) { json.int64(value) }
}

public enum ProtoUInt32: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 0 }
  @inlinable public static var width: Int { 0 }
  @inlinable public static var defaultValue: UInt32 { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout UInt32) throws(WireError) {
    value = try reader.uint32()
  }

  @inlinable @inline(__always)
  public static func write(_ value: UInt32, _ tag: UInt32, to writer: inout WireWriter) { writer.uint32(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: UInt32) -> UInt64 { UInt64(value) }

  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> UInt32? { try json.uint32() }

  @inlinable
  public static func writeJSON(_ value: UInt32, to json: inout JSONWriter) { json.uint32(value) }

  @inlinable
  public static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> UInt32 { try json.uint32() }

  @inlinable
  public static func writeJSONKey(_ value: UInt32, to json: inout JSONWriter) { json.uint64(UInt64(value)) }
}

public enum ProtoUInt64: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 0 }
  @inlinable public static var width: Int { 0 }
  @inlinable public static var defaultValue: UInt64 { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout UInt64) throws(WireError) {
    value = try reader.uint64()
  }

  @inlinable @inline(__always)
  public static func write(_ value: UInt64, _ tag: UInt32, to writer: inout WireWriter) { writer.uint64(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: UInt64) -> UInt64 { value }

  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> UInt64? { try json.uint64() }

  @inlinable
  public static func writeJSON(_ value: UInt64, to json: inout JSONWriter) { json.uint64(value) }

  @inlinable
  public static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> UInt64 { try json.uint64() }

  @inlinable
  public static func writeJSONKey(_ value: UInt64, to json: inout JSONWriter) { json.uint64(value) }
}

public enum ProtoSInt32: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 0 }
  @inlinable public static var width: Int { 0 }
  @inlinable public static var defaultValue: Int32 { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Int32) throws(WireError) {
    value = try reader.sint32()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Int32, _ tag: UInt32, to writer: inout WireWriter) { writer.sint32(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: Int32) -> UInt64 { UInt64(zigzag(value)) }

  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> Int32? { try json.int32() }

  @inlinable
  public static func writeJSON(_ value: Int32, to json: inout JSONWriter) { json.int32(value) }

  @inlinable
  public static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> Int32 { try json.int32() }

  @inlinable
  public static func writeJSONKey(_ value: Int32, to json: inout JSONWriter) { json.int64(Int64(value)) }
}

public enum ProtoSInt64: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 0 }
  @inlinable public static var width: Int { 0 }
  @inlinable public static var defaultValue: Int64 { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Int64) throws(WireError) {
    value = try reader.sint64()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Int64, _ tag: UInt32, to writer: inout WireWriter) { writer.sint64(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: Int64) -> UInt64 { zigzag(value) }

  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> Int64? { try json.int64() }

  @inlinable
  public static func writeJSON(_ value: Int64, to json: inout JSONWriter) { json.int64(value) }

  @inlinable
  public static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> Int64 { try json.int64() }

  @inlinable
  public static func writeJSONKey(_ value: Int64, to json: inout JSONWriter) { json.int64(value) }
}

public enum ProtoFixed32: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 5 }
  @inlinable public static var width: Int { 4 }
  @inlinable public static var defaultValue: UInt32 { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout UInt32) throws(WireError) {
    value = try reader.fixed32()
  }

  @inlinable @inline(__always)
  public static func write(_ value: UInt32, _ tag: UInt32, to writer: inout WireWriter) { writer.fixed32(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: UInt32) -> UInt64 { UInt64(value) }

  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> UInt32? { try json.uint32() }

  @inlinable
  public static func writeJSON(_ value: UInt32, to json: inout JSONWriter) { json.uint32(value) }

  @inlinable
  public static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> UInt32 { try json.uint32() }

  @inlinable
  public static func writeJSONKey(_ value: UInt32, to json: inout JSONWriter) { json.uint64(UInt64(value)) }
}

public enum ProtoFixed64: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 1 }
  @inlinable public static var width: Int { 8 }
  @inlinable public static var defaultValue: UInt64 { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout UInt64) throws(WireError) {
    value = try reader.fixed64()
  }

  @inlinable @inline(__always)
  public static func write(_ value: UInt64, _ tag: UInt32, to writer: inout WireWriter) { writer.fixed64(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: UInt64) -> UInt64 { value }

  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> UInt64? { try json.uint64() }

  @inlinable
  public static func writeJSON(_ value: UInt64, to json: inout JSONWriter) { json.uint64(value) }

  @inlinable
  public static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> UInt64 { try json.uint64() }

  @inlinable
  public static func writeJSONKey(_ value: UInt64, to json: inout JSONWriter) { json.uint64(value) }
}

public enum ProtoSFixed32: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 5 }
  @inlinable public static var width: Int { 4 }
  @inlinable public static var defaultValue: Int32 { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Int32) throws(WireError) {
    value = try reader.sfixed32()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Int32, _ tag: UInt32, to writer: inout WireWriter) { writer.sfixed32(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: Int32) -> UInt64 { UInt64(UInt32(bitPattern: value)) }

  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> Int32? { try json.int32() }

  @inlinable
  public static func writeJSON(_ value: Int32, to json: inout JSONWriter) { json.int32(value) }

  @inlinable
  public static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> Int32 { try json.int32() }

  @inlinable
  public static func writeJSONKey(_ value: Int32, to json: inout JSONWriter) { json.int64(Int64(value)) }
}

public enum ProtoSFixed64: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 1 }
  @inlinable public static var width: Int { 8 }
  @inlinable public static var defaultValue: Int64 { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Int64) throws(WireError) {
    value = try reader.sfixed64()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Int64, _ tag: UInt32, to writer: inout WireWriter) { writer.sfixed64(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: Int64) -> UInt64 { UInt64(bitPattern: value) }

  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> Int64? { try json.int64() }

  @inlinable
  public static func writeJSON(_ value: Int64, to json: inout JSONWriter) { json.int64(value) }

  @inlinable
  public static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> Int64 { try json.int64() }

  @inlinable
  public static func writeJSONKey(_ value: Int64, to json: inout JSONWriter) { json.int64(value) }
}

public enum ProtoFloat: ScalarCodec {
  @inlinable public static var wireType: UInt32 { 5 }
  @inlinable public static var width: Int { 4 }
  @inlinable public static var defaultValue: Float { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Float) throws(WireError) {
    value = try reader.float()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Float, _ tag: UInt32, to writer: inout WireWriter) { writer.float(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: Float) -> UInt64 { UInt64(value.bitPattern) }

  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> Float? { try json.float() }

  @inlinable
  public static func writeJSON(_ value: Float, to json: inout JSONWriter) { json.float(value) }
}

public enum ProtoDouble: ScalarCodec {
  @inlinable public static var wireType: UInt32 { 1 }
  @inlinable public static var width: Int { 8 }
  @inlinable public static var defaultValue: Double { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Double) throws(WireError) {
    value = try reader.double()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Double, _ tag: UInt32, to writer: inout WireWriter) { writer.double(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: Double) -> UInt64 { value.bitPattern }

  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> Double? { try json.double() }

  @inlinable
  public static func writeJSON(_ value: Double, to json: inout JSONWriter) { json.double(value) }
}

public enum ProtoBool: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 0 }
  @inlinable public static var width: Int { 0 }
  @inlinable public static var defaultValue: Bool { false }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Bool) throws(WireError) {
    value = try reader.bool()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Bool, _ tag: UInt32, to writer: inout WireWriter) { writer.bool(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: Bool) -> UInt64 { value ? 1 : 0 }

  @inlinable
  public static func precedes(_ left: Bool, _ right: Bool) -> Bool { !left && right }

  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> Bool? { try json.bool() }

  @inlinable
  public static func writeJSON(_ value: Bool, to json: inout JSONWriter) { json.bool(value) }

  @inlinable
  public static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> Bool { try json.boolKey() }

  @inlinable
  public static func writeJSONKey(_ value: Bool, to json: inout JSONWriter) { json.string(value ? "true" : "false") }
}
