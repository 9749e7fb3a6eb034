public enum ProtoString: MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 2 }
  @inlinable public static var defaultValue: String { "" }

  @inlinable
  public static func read(from reader: inout WireReader, into value: inout String) throws(WireError) {
    value = try reader.string()
  }

  @inlinable
  public static func write(_ value: String, _ tag: UInt32, to writer: inout WireWriter) { writer.string(tag, value) }

  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> String? { try json.string() }

  @inlinable
  public static func writeJSON(_ value: String, to json: inout JSONWriter) { json.string(value) }

  @inlinable
  public static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> String { try json.string() }

  @inlinable
  public static func writeJSONKey(_ value: String, to json: inout JSONWriter) { json.string(value) }
}

public enum ProtoBytes: FieldCodec {
  @inlinable public static var wireType: UInt32 { 2 }
  @inlinable public static var defaultValue: [UInt8] { [] }

  @inlinable
  public static func read(from reader: inout WireReader, into value: inout [UInt8]) throws(WireError) {
    value = try reader.bytes()
  }

  @inlinable
  public static func write(_ value: [UInt8], _ tag: UInt32, to writer: inout WireWriter) { writer.bytes(tag, value) }

  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> [UInt8]? { try json.bytes() }

  @inlinable
  public static func writeJSON(_ value: [UInt8], to json: inout JSONWriter) { json.bytes(value) }
}

public enum ProtoMessage<M: Message>: FieldCodec {
  @inlinable public static var wireType: UInt32 { 2 }
  @inlinable public static var defaultValue: M { M() }

  @inlinable
  public static func read(from reader: inout WireReader, into value: inout M) throws(WireError) {
    try reader.message(&value)
  }

  @inlinable
  public static func write(_ value: M, _ tag: UInt32, to writer: inout WireWriter) { writer.message(tag, value) }

  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> M? { try json.message() }

  @inlinable
  public static func writeJSON(_ value: M, to json: inout JSONWriter) throws(JSONEncodingError) {
    try json.message(value)
  }
}

/// An enum, open or closed: an open one takes any number.
public enum ProtoEnum<E: Enum>: ScalarCodec {
  @inlinable public static var wireType: UInt32 { 0 }
  @inlinable public static var width: Int { 0 }
  @inlinable public static var defaultValue: E { E() }

  @inlinable
  public static func read(from reader: inout WireReader, into value: inout E) throws(WireError) {
    value = try reader.enumeration()
  }

  @inlinable
  public static func readKnown(from reader: inout WireReader, into value: inout E) throws(WireError) -> Bool {
    guard let known = E(rawValue: try reader.number()) else { return false }
    value = known
    return true
  }

  @inlinable
  public static func write(_ value: E, _ tag: UInt32, to writer: inout WireWriter) { writer.enumeration(tag, value) }

  @inlinable
  public static func bits(of value: E) -> UInt64 { UInt64(bitPattern: Int64(value.rawValue)) }

  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> E? { try json.enumeration() }

  @inlinable
  public static func writeJSON(_ value: E, to json: inout JSONWriter) { json.enumeration(value) }
}
