// What the types of numbers of one Swift type have in common.

extension FieldCodec where Value: ExpressibleByIntegerLiteral {
  @inlinable public static var defaultValue: Value { 0 }
}

extension ScalarCodec {
  @inlinable public static var width: Int { wireType == 5 ? 4 : wireType == 1 ? 8 : 0 }
}

extension ScalarCodec where Value: BinaryInteger {
  @inlinable @inline(__always)
  public static func bits(of value: Value) -> UInt64 { UInt64(truncatingIfNeeded: value) }
}

extension FieldCodec where Value == Int32 {
  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> Int32? { try json.int32() }

  @inlinable
  public static func writeJSON(_ value: Int32, to json: inout JSONWriter) { json.int32(value) }
}

extension FieldCodec where Value == Int64 {
  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> Int64? { try json.int64() }

  @inlinable
  public static func writeJSON(_ value: Int64, to json: inout JSONWriter) { json.int64(value) }
}

extension FieldCodec where Value == UInt32 {
  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> UInt32? { try json.uint32() }

  @inlinable
  public static func writeJSON(_ value: UInt32, to json: inout JSONWriter) { json.uint32(value) }
}

extension FieldCodec where Value == UInt64 {
  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> UInt64? { try json.uint64() }

  @inlinable
  public static func writeJSON(_ value: UInt64, to json: inout JSONWriter) { json.uint64(value) }
}

extension FieldCodec where Value == Float {
  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> Float? { try json.float() }

  @inlinable
  public static func writeJSON(_ value: Float, to json: inout JSONWriter) { json.float(value) }
}

extension FieldCodec where Value == Double {
  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> Double? { try json.double() }

  @inlinable
  public static func writeJSON(_ value: Double, to json: inout JSONWriter) { json.double(value) }
}

extension FieldCodec where Value == Bool {
  @inlinable
  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> Bool? { try json.bool() }

  @inlinable
  public static func writeJSON(_ value: Bool, to json: inout JSONWriter) { json.bool(value) }
}

extension MapKeyCodec where Value == Int32 {
  @inlinable
  public static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> Int32 { try json.int32() }

  @inlinable
  public static func writeJSONKey(_ value: Int32, to json: inout JSONWriter) { json.int64(Int64(value)) }
}

extension MapKeyCodec where Value == Int64 {
  @inlinable
  public static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> Int64 { try json.int64() }

  @inlinable
  public static func writeJSONKey(_ value: Int64, to json: inout JSONWriter) { json.int64(value) }
}

extension MapKeyCodec where Value == UInt32 {
  @inlinable
  public static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> UInt32 { try json.uint32() }

  @inlinable
  public static func writeJSONKey(_ value: UInt32, to json: inout JSONWriter) { json.uint64(UInt64(value)) }
}

extension MapKeyCodec where Value == UInt64 {
  @inlinable
  public static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> UInt64 { try json.uint64() }

  @inlinable
  public static func writeJSONKey(_ value: UInt64, to json: inout JSONWriter) { json.uint64(value) }
}

extension MapKeyCodec where Value == Bool {
  @inlinable
  public static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> Bool { try json.boolKey() }

  @inlinable
  public static func writeJSONKey(_ value: Bool, to json: inout JSONWriter) { json.string(value ? "true" : "false") }
}
