/// How one protobuf type is read and written where generic code meets it: in repeated fields, maps and extensions.
public protocol FieldCodec {
  associatedtype Value: Hashable & Sendable
  static var wireType: UInt32 { get }
  static var defaultValue: Value { get }
  static func read(from reader: inout WireReader, into value: inout Value) throws(WireError)
  /// False if the value is a number that a closed enum does not have.
  static func readKnown(from reader: inout WireReader, into value: inout Value) throws(WireError) -> Bool
  static func write(_ value: Value, _ tag: UInt32, to writer: inout WireWriter)
  /// nil for an unknown value that is to be skipped.
  static func readJSON(from json: inout JSONReader) throws(JSONFault) -> Value?
  static func writeJSON(_ value: Value, to json: inout JSONWriter) throws(JSONEncodingError)
}

extension FieldCodec {
  @inlinable static var isLengthDelimited: Bool { wireType == 2 }

  @inlinable
  public static func readKnown(from reader: inout WireReader, into value: inout Value) throws(WireError) -> Bool {
    try read(from: &reader, into: &value)
    return true
  }
}

/// A type whose values may be packed.
public protocol ScalarCodec: FieldCodec {
  /// Bytes of a fixed-width value, equal to its layout in memory; 0 for a varint.
  static var width: Int { get }
  /// What is written as a varint.
  static func bits(of value: Value) -> UInt64
}

/// A type that may be a map's key.
public protocol MapKeyCodec: FieldCodec {
  static func precedes(_ left: Value, _ right: Value) -> Bool
  /// A JSON key is always a string.
  static func readJSONKey(from json: inout JSONReader) throws(JSONFault) -> Value
  static func writeJSONKey(_ value: Value, to json: inout JSONWriter)
}

extension MapKeyCodec where Value: Comparable {
  @inlinable
  public static func precedes(_ left: Value, _ right: Value) -> Bool { left < right }
}
