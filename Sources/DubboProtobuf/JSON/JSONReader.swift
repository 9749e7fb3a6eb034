/// Reads JSON as protobuf defines it, strictly by RFC 8259, from bytes that somebody else keeps alive.
///
/// Invariant: `start <= cursor <= end`, all in one buffer that outlives the reader.
@frozen
public struct JSONReader: ~Copyable {
  @usableFromInline let start: UnsafePointer<UInt8>
  @usableFromInline var cursor: UnsafePointer<UInt8>
  @usableFromInline let end: UnsafePointer<UInt8>
  /// How many more levels of objects and lists are accepted.
  @usableFromInline var depth: Int
  /// Whether fields and enum names that a message does not have are skipped.
  public let ignoresUnknown: Bool
  /// The depth of the one object in which `@type` is not a field; -1 for none.
  @usableFromInline var typeKeyDepth = -1
  let types: TypeRegistry

  init(_ start: UnsafePointer<UInt8>, count: Int, _ options: JSONDecodingOptions) {
    self.start = start
    cursor = start
    end = start + count
    depth = options.messageDepthLimit
    ignoresUnknown = options.ignoreUnknownFields
    types = options.types
  }

  @inlinable var offset: Int { cursor - start }

  @inlinable @inline(__always)
  mutating func skipSpace() {
    while cursor < end, cursor.pointee <= 0x20 {
      let byte = cursor.pointee
      guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return }
      cursor += 1
    }
  }

  /// The next byte that is no white space, not consumed; 0 at the end.
  @inlinable @inline(__always)
  mutating func peek() -> UInt8 {
    skipSpace()
    return cursor < end ? cursor.pointee : 0
  }

  /// Moves past a byte if it comes next.
  @inlinable @inline(__always)
  mutating func accept(_ byte: UInt8) -> Bool {
    guard peek() == byte, cursor < end else { return false }
    cursor += 1
    return true
  }

  @usableFromInline
  mutating func expect(_ byte: UInt8, _ what: StaticString) throws(JSONFault) {
    guard accept(byte) else { throw expected(what) }
  }

  /// "expected a number, found "abc"", at the cursor.
  @usableFromInline @inline(never)
  func expected(_ what: StaticString) -> JSONFault {
    JSONFault(problem: "expected \(what), found \(found)", offset: offset)
  }

  @usableFromInline @inline(never)
  func fault(_ problem: String, at place: UnsafePointer<UInt8>? = nil) -> JSONFault {
    JSONFault(problem: problem, offset: (place ?? cursor) - start)
  }

  /// The text at the cursor, as far as a message shows it.
  private var found: String {
    guard cursor < end else { return "the end of the text" }
    let text = UnsafeBufferPointer(start: cursor, count: min(end - cursor, 40))
    let first = text[0]
    var length = 1
    if first == UInt8(ascii: "\"") {
      while length < text.count, text[length] != first { length += 1 }
      length = min(length + 1, text.count)
    } else {
      while length < text.count, isWord(text[length]), isWord(first) { length += 1 }
    }
    return String(decoding: text.prefix(length), as: UTF8.self)
  }

  private func isWord(_ byte: UInt8) -> Bool {
    let character = Character(UnicodeScalar(byte))
    return character.isLetter || character.isNumber || "+-._".contains(character)
  }

  /// Moves past `null` if it comes next.
  @inlinable
  mutating func null() -> Bool {
    guard peek() == UInt8(ascii: "n") else { return false }
    return word("null")
  }

  @usableFromInline
  mutating func word(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard end - cursor >= count else { return false }
    for index in 0..<count where cursor[index] != word.utf8Start[index] { return false }
    cursor += count
    return true
  }

  @inlinable
  public mutating func beginObject() throws(JSONFault) {
    guard accept(UInt8(ascii: "{")) else { throw expected("an object") }
    try descend()
  }

  @inlinable
  mutating func descend() throws(JSONFault) {
    guard depth > 0 else { throw fault("objects and lists are nested too deep") }
    depth &-= 1
  }

  /// Nothing but white space may follow.
  mutating func finish() throws(JSONFault) {
    skipSpace()
    guard cursor == end else { throw expected("the end of the text") }
  }

  @inlinable
  public mutating func message<M: Message>(_ message: inout M) throws(JSONFault) {
    try message.mergeJSON(from: &self)
  }

  @inlinable
  public mutating func message<M: Message>() throws(JSONFault) -> M {
    var message = M()
    try message.mergeJSON(from: &self)
    return message
  }

  @inlinable
  public mutating func array<C: FieldCodec>(_: C.Type, _ values: inout [C.Value]) throws(JSONFault) {
    guard accept(UInt8(ascii: "[")) else { throw expected("a list") }
    try descend()
    if !accept(UInt8(ascii: "]")) {
      repeat {
        if let value = try C.readJSON(from: &self) { values.append(value) }
      } while accept(UInt8(ascii: ","))
      guard accept(UInt8(ascii: "]")) else { throw expected("',' or ']'") }
    }
    depth &+= 1
  }

  @inlinable
  public mutating func object<K: MapKeyCodec, V: FieldCodec>(
    _: K.Type, _: V.Type, _ map: inout [K.Value: V.Value]
  ) throws(JSONFault) {
    try beginObject()
    if !accept(UInt8(ascii: "}")) {
      repeat {
        guard peek() == UInt8(ascii: "\"") else { throw expected("a key in quotes") }
        let place = cursor
        let key = try K.readJSONKey(from: &self)
        guard map[key] == nil else { throw fault("the key comes twice", at: place) }
        guard accept(UInt8(ascii: ":")) else { throw expected("':'") }
        if let value = try V.readJSON(from: &self) { map[key] = value }
      } while accept(UInt8(ascii: ","))
      guard accept(UInt8(ascii: "}")) else { throw expected("',' or '}'") }
    }
    depth &+= 1
  }
}
