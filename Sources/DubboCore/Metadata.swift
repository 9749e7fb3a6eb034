/// The headers, trailers and attachments of a call: names with text or binary values, in order, names repeatable.
///
/// Names are lower case on the wire and compared without case here. A name that ends in `-bin` holds bytes, which
/// travel as base64. Nothing is parsed before it is asked for: a call that looks at no metadata pays for one array.
///
/// A name may hold `a-z 0-9 _ . -`, a value printable ASCII; what breaks this is found when the call is sent, which
/// then fails with `INVALID_ARGUMENT` and names the entry.
public struct Metadata: Sendable, Hashable {
  /// All entries in one piece: for each a big-endian UInt16 length of the name, a big-endian UInt32 length of the
  /// value, then both. The HTTP engine fills and reads this form directly.
  package private(set) var block: [UInt8]

  public init() {
    block = []
  }

  /// Takes entries that are in the form of `block`.
  package init(block: [UInt8]) {
    self.block = block
  }

  public var isEmpty: Bool { block.isEmpty }

  /// The number of entries, repeated names counted each time.
  public var count: Int {
    var count = 0
    for _ in fields { count += 1 }
    return count
  }

  /// The first value of `name`, or nil. Assigning replaces all values of the name; nil removes them.
  public subscript(name: String) -> String? {
    get {
      guard !block.isEmpty else { return nil }
      var name = name
      return name.withUTF8 { firstValue(of: $0) }.map { String(decoding: block[$0], as: UTF8.self) }
    }
    set {
      removeAll(name)
      if let newValue { add(newValue, for: name) }
    }
  }

  /// All values of `name` in their order.
  public func values(for name: String) -> [String] {
    let wanted = Array(name.utf8)
    return fields.filter { matches($0, wanted) }.map { String(decoding: block[$0.value], as: UTF8.self) }
  }

  /// All values of a `-bin` name, decoded; a value that is not base64 is left out.
  public func binaryValues(for name: String) -> [[UInt8]] {
    let wanted = Array(name.utf8)
    var out: [[UInt8]] = []
    for field in fields where matches(field, wanted) {
      // One header may carry several values, joined by a comma (gRPC over HTTP/2, Custom-Metadata).
      for part in block[field.value].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
        if let bytes = Base64.decode(part) { out.append(bytes) }
      }
    }
    return out
  }

  /// Adds a value behind those that `name` has.
  public mutating func add(_ value: String, for name: String) {
    var name = name
    var value = value
    name.withUTF8 { nameBytes in
      value.withUTF8 { valueBytes in append(name: nameBytes, value: valueBytes) }
    }
  }

  /// Adds bytes under a `-bin` name; the suffix is added where it is missing.
  public mutating func add(bytes: [UInt8], for name: String) {
    let name = name.lowercased().hasSuffix("-bin") ? name : name + "-bin"
    add(String(decoding: Base64.encode(bytes), as: UTF8.self), for: name)
  }

  /// Removes every value of `name`.
  public mutating func removeAll(_ name: String) {
    let wanted = Array(name.utf8)
    guard fields.contains(where: { matches($0, wanted) }) else { return }
    var kept: [UInt8] = []
    for field in fields where !matches(field, wanted) {
      kept.append(contentsOf: block[field.name.lowerBound - 6..<field.value.upperBound])
    }
    block = kept
  }

  /// Adds all entries of `other` behind these.
  public mutating func append(contentsOf other: Metadata) {
    block.append(contentsOf: other.block)
  }

  /// Adds one entry from bytes, lower-casing the name. Lengths that do not fit the block's form make an empty name,
  /// which sending refuses.
  package mutating func append(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {
    let nameCount = name.count <= Int(UInt16.max) ? name.count : 0
    let valueCount = value.count <= Int(UInt32.max) ? value.count : 0
    block.append(UInt8(truncatingIfNeeded: nameCount >> 8))
    block.append(UInt8(truncatingIfNeeded: nameCount))
    block.append(UInt8(truncatingIfNeeded: valueCount >> 24))
    block.append(UInt8(truncatingIfNeeded: valueCount >> 16))
    block.append(UInt8(truncatingIfNeeded: valueCount >> 8))
    block.append(UInt8(truncatingIfNeeded: valueCount))
    for byte in name.prefix(nameCount) { block.append(asciiLowercased(byte)) }
    block.append(contentsOf: value.prefix(valueCount))
  }

  /// Where the entries lie in `block`, found as the iteration goes on.
  package var fields: Fields { Fields(block: block) }

  /// The range in `block` of the first value of `name`: no String is made.
  package func firstValue(of name: StaticString) -> Range<Int>? {
    firstValue(of: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }

  /// The look-up of every filter: allocates nothing, and reads a name only when its length is the one wanted.
  private func firstValue(of wanted: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    block.withUnsafeBufferPointer { bytes in
      var offset = 0
      while bytes.count - offset >= 6 {
        let nameCount = Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
        let valueCount =
          Int(bytes[offset + 2]) << 24 | Int(bytes[offset + 3]) << 16 | Int(bytes[offset + 4]) << 8
          | Int(bytes[offset + 5])
        let start = offset + 6
        guard bytes.count - start >= nameCount + valueCount else { return nil }
        offset = start + nameCount + valueCount
        guard nameCount == wanted.count else { continue }
        var index = 0
        while index < nameCount, bytes[start + index] == asciiLowercased(wanted[index]) { index += 1 }
        if index == nameCount { return start + nameCount..<offset }
      }
      return nil
    }
  }

  private func matches(_ field: Field, _ wanted: [UInt8]) -> Bool {
    field.name.count == wanted.count && zip(block[field.name], wanted).allSatisfy { $0 == asciiLowercased($1) }
  }

  /// One entry: the ranges of its name and value in the block.
  package struct Field {
    package let name: Range<Int>
    package let value: Range<Int>
  }

  /// The entries of a block, in order; ends at the first that does not fit, so no block can trap a reader.
  package struct Fields: Sequence, IteratorProtocol {
    let block: [UInt8]
    var offset = 0

    package mutating func next() -> Field? {
      guard block.count - offset >= 6 else { return nil }
      let nameCount = Int(block[offset]) << 8 | Int(block[offset + 1])
      let valueCount =
        Int(block[offset + 2]) << 24 | Int(block[offset + 3]) << 16 | Int(block[offset + 4]) << 8
        | Int(block[offset + 5])
      guard block.count - offset - 6 >= nameCount + valueCount else { return nil }
      let name = offset + 6..<offset + 6 + nameCount
      offset = name.upperBound + valueCount
      return Field(name: name, value: name.upperBound..<offset)
    }
  }
}

private func asciiLowercased(_ byte: UInt8) -> UInt8 {
  byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
}

extension Metadata: Sequence {
  /// The entries as text, in order.
  public func makeIterator() -> Iterator {
    Iterator(block: block, fields: fields)
  }

  public struct Iterator: IteratorProtocol {
    let block: [UInt8]
    var fields: Fields

    public mutating func next() -> (name: String, value: String)? {
      guard let field = fields.next() else { return nil }
      return (String(decoding: block[field.name], as: UTF8.self), String(decoding: block[field.value], as: UTF8.self))
    }
  }
}

extension Metadata: ExpressibleByDictionaryLiteral, CustomStringConvertible {
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init()
    for (name, value) in elements { add(value, for: name) }
  }

  public var description: String {
    "[" + map { "\($0.name): \($0.value)" }.joined(separator: ", ") + "]"
  }
}
