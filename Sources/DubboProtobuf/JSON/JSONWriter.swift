/// Writes JSON as protobuf defines it. Generated code names a field, with quotes and colon, then gives its value.
@frozen
public struct JSONWriter: ~Copyable {
  @usableFromInline var out: WireWriter
  /// Whether a comma goes before the next name or element.
  @usableFromInline var needsComma = false
  @usableFromInline let usesOriginalNames: Bool
  @usableFromInline let writesEnumNumbers: Bool
  /// Fields without presence are written even when they have their default.
  public let writesDefaults: Bool
  /// Map entries go in the order of their keys.
  public let isDeterministic: Bool
  let types: TypeRegistry
  /// Messages within messages, bounded like everywhere: an `Any` may hold an `Any`.
  var depth = WireReader.maximumDepth

  init(capacity: Int, _ options: JSONEncodingOptions) {
    self.init(out: WireWriter(capacity: capacity), options)
  }

  @usableFromInline
  init(out: consuming WireWriter, _ options: JSONEncodingOptions) {
    self.out = out
    usesOriginalNames = options.preserveProtoFieldNames
    writesEnumNumbers = options.alwaysPrintEnumsAsInts
    writesDefaults = options.includesDefaultValues
    isDeterministic = options.useDeterministicOrdering
    types = options.types
  }

  @inlinable @inline(__always)
  mutating func put(_ text: StaticString) {
    out.reserve(text.utf8CodeUnitCount)
    out.put(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Puts a comma where one is due; one byte is reserved for it.
  @inlinable @inline(__always)
  mutating func comma() {
    if needsComma { out.put(UInt8(ascii: ",")) }
    needsComma = true
  }

  /// A field's name, `"name":`.
  @inlinable @inline(__always)
  public mutating func key(_ name: StaticString) {
    out.reserve(name.utf8CodeUnitCount + 1)
    comma()
    out.put(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }

  /// A field's name in the JSON form, or as the .proto has it.
  @inlinable
  public mutating func key(_ name: StaticString, _ original: StaticString) {
    key(usesOriginalNames ? original : name)
  }

  /// A name that is not known beforehand.
  mutating func key(text: String) {
    out.reserve(1)
    comma()
    string(text)
    out.reserve(1)
    out.put(UInt8(ascii: ":"))
  }

  @inlinable
  public mutating func beginObject() {
    out.reserve(1)
    out.put(UInt8(ascii: "{"))
    needsComma = false
  }

  @inlinable
  public mutating func endObject() {
    out.reserve(1)
    out.put(UInt8(ascii: "}"))
    needsComma = true
  }

  @inlinable
  mutating func beginArray() {
    out.reserve(1)
    out.put(UInt8(ascii: "["))
    needsComma = false
  }

  @inlinable
  mutating func endArray() {
    out.reserve(1)
    out.put(UInt8(ascii: "]"))
    needsComma = true
  }

  /// Before each element of a list.
  @inlinable
  mutating func element() {
    out.reserve(1)
    comma()
  }

  @inlinable
  public mutating func message<M: Message>(_ message: M) throws(JSONEncodingError) {
    try message.writeJSON(to: &self)
  }

  @inlinable
  public mutating func array<C: FieldCodec>(_: C.Type, _ values: [C.Value]) throws(JSONEncodingError) {
    beginArray()
    for value in values {
      element()
      try C.writeJSON(value, to: &self)
    }
    endArray()
  }

  @inlinable
  public mutating func object<K: MapKeyCodec, V: FieldCodec>(
    _: K.Type, _: V.Type, _ map: [K.Value: V.Value]
  ) throws(JSONEncodingError) {
    beginObject()
    if isDeterministic {
      for (key, value) in map.sorted(by: { K.precedes($0.key, $1.key) }) { try entry(K.self, V.self, key, value) }
    } else {
      for (key, value) in map { try entry(K.self, V.self, key, value) }
    }
    endObject()
  }

  @inlinable
  mutating func entry<K: MapKeyCodec, V: FieldCodec>(
    _: K.Type, _: V.Type, _ key: K.Value, _ value: V.Value
  ) throws(JSONEncodingError) {
    out.reserve(1)
    comma()
    K.writeJSONKey(key, to: &self)
    out.reserve(1)
    out.put(UInt8(ascii: ":"))
    try V.writeJSON(value, to: &self)
    needsComma = true
  }
}
