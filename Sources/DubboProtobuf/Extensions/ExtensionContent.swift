/// How an extension's value is read and written: one value, several, or several behind one tag.
public protocol ExtensionContent {
  associatedtype Value: Hashable & Sendable
  /// The value when nothing is set and the .proto names no default.
  static var empty: Value { get }
  /// Reads one field into the value; false, with nothing read, if its wire type is not the extension's.
  static func merge(
    _ wireType: UInt32, from reader: inout WireReader, into value: inout Value?
  ) throws(WireError) -> Bool
  static func write(_ value: Value, _ number: UInt32, to writer: inout WireWriter)
  /// nil for an unknown value that is to be skipped.
  static func readJSON(from json: inout JSONReader) throws(JSONFault) -> Value?
  static func writeJSON(_ value: Value, to json: inout JSONWriter) throws(JSONEncodingError)
}

/// An `optional` extension. The last value wins; a message is merged.
public enum SingularContent<Codec: FieldCodec>: ExtensionContent {
  public static var empty: Codec.Value { Codec.defaultValue }

  public static func merge(
    _ wireType: UInt32, from reader: inout WireReader, into value: inout Codec.Value?
  ) throws(WireError) -> Bool {
    guard wireType == Codec.wireType else { return false }
    var merged = value ?? Codec.defaultValue
    if try Codec.readKnown(from: &reader, into: &merged) { value = merged }
    return true
  }

  public static func write(_ value: Codec.Value, _ number: UInt32, to writer: inout WireWriter) {
    Codec.write(value, number << 3 | Codec.wireType, to: &writer)
  }

  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> Codec.Value? {
    try Codec.readJSON(from: &json)
  }

  public static func writeJSON(_ value: Codec.Value, to json: inout JSONWriter) throws(JSONEncodingError) {
    try Codec.writeJSON(value, to: &json)
  }
}

/// A `repeated` extension, each value behind a tag of its own. Numbers are read packed, too.
public enum RepeatedContent<Codec: FieldCodec>: ExtensionContent {
  public static var empty: [Codec.Value] { [] }

  public static func merge(
    _ wireType: UInt32, from reader: inout WireReader, into value: inout [Codec.Value]?
  ) throws(WireError) -> Bool {
    let isPacked = wireType == 2 && Codec.wireType != 2
    guard isPacked || wireType == Codec.wireType else { return false }
    // Taken out, so that no element is copied when one is added.
    var values = value.take() ?? []
    defer { value = values }
    if isPacked {
      let count = try reader.length()
      let outer = reader.end
      reader.end = reader.cursor + count
      while !reader.atEnd { try append(from: &reader, to: &values) }
      reader.end = outer
    } else {
      try append(from: &reader, to: &values)
    }
    return true
  }

  private static func append(from reader: inout WireReader, to values: inout [Codec.Value]) throws(WireError) {
    var next = Codec.defaultValue
    if try Codec.readKnown(from: &reader, into: &next) { values.append(next) }
  }

  public static func write(_ value: [Codec.Value], _ number: UInt32, to writer: inout WireWriter) {
    for element in value { Codec.write(element, number << 3 | Codec.wireType, to: &writer) }
  }

  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> [Codec.Value]? {
    var values: [Codec.Value] = []
    try json.array(Codec.self, &values)
    return values
  }

  public static func writeJSON(_ value: [Codec.Value], to json: inout JSONWriter) throws(JSONEncodingError) {
    try json.array(Codec.self, value)
  }
}

/// A `repeated` extension of numbers, written behind one tag.
public enum PackedContent<Codec: ScalarCodec>: ExtensionContent {
  public static var empty: [Codec.Value] { [] }

  public static func merge(
    _ wireType: UInt32, from reader: inout WireReader, into value: inout [Codec.Value]?
  ) throws(WireError) -> Bool {
    try RepeatedContent<Codec>.merge(wireType, from: &reader, into: &value)
  }

  public static func write(_ value: [Codec.Value], _ number: UInt32, to writer: inout WireWriter) {
    writer.packed(Codec.self, number << 3 | 2, value)
  }

  public static func readJSON(from json: inout JSONReader) throws(JSONFault) -> [Codec.Value]? {
    try RepeatedContent<Codec>.readJSON(from: &json)
  }

  public static func writeJSON(_ value: [Codec.Value], to json: inout JSONWriter) throws(JSONEncodingError) {
    try RepeatedContent<Codec>.writeJSON(value, to: &json)
  }
}
