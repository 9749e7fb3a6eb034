/// The names of a message's fields, and which of them came already.
///
/// The names are one text: for each field its JSON name, then, if the .proto has another, a byte 1 and that one; a byte 2
/// if `null` is a value of the field; a line feed. Fields mostly come in the order in which they were written, so the
/// next one expected is compared first.
@frozen
public struct JSONFields {
  @usableFromInline let names: StaticString
  /// Where the name expected next begins, and the index of its field.
  @usableFromInline var position = 0
  @usableFromInline var index = 0
  @usableFromInline var isFirst = true
  @usableFromInline var seen: UInt64 = 0
  /// Fields from the 65th on.
  @usableFromInline var seenBeyond: Set<Int> = []

  @inlinable
  public init(_ names: StaticString) { self.names = names }

  /// False if the field came before.
  @inlinable
  mutating func mark(_ index: Int) -> Bool {
    if index >= 64 { return seenBeyond.insert(index).inserted }
    let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: index)
    guard seen & bit == 0 else { return false }
    seen |= bit
    return true
  }

  /// False if the extension of that number came before.
  mutating func mark(extension number: Int32) -> Bool { seenBeyond.insert(-Int(number)).inserted }

  /// The field of that name, if there is one; then the one behind it is expected next. Says whether `null` is a value.
  @usableFromInline
  mutating func find(_ name: UnsafeBufferPointer<UInt8>) -> (index: Int, takesNull: Bool)? {
    let text = UnsafeBufferPointer(start: names.utf8Start, count: names.utf8CodeUnitCount)
    var at = 0
    var field = 0
    var isMatch = false
    while at < text.count {
      var length = 0
      while text[at + length] > 2, text[at + length] != 0x0a { length += 1 }
      if length == name.count, length == 0 || UnsafeBufferPointer(rebasing: text[at..<at + length]).elementsEqual(name)
      {
        isMatch = true
      }
      at += length
      switch text[at] {
      case 1: at += 1
      case 2:
        if isMatch { return found(field, next: at + 2, takesNull: true) }
        at += 2
        field += 1
      default:
        if isMatch { return found(field, next: at + 1, takesNull: false) }
        at += 1
        field += 1
      }
    }
    return nil
  }

  private mutating func found(_ field: Int, next: Int, takesNull: Bool) -> (index: Int, takesNull: Bool) {
    position = next
    index = field + 1
    return (field, takesNull)
  }
}

extension JSONReader {
  /// The next field that has a value, its name and colon read; nil behind the end of the object.
  @inlinable
  public mutating func nextField(_ fields: inout JSONFields) throws(JSONFault) -> Int? {
    while try nextName(&fields) {
      if let index = try field(&fields) { return index }
    }
    return nil
  }

  /// Moves to the next name; false behind the end of the object.
  @inlinable @inline(__always)
  mutating func nextName(_ fields: inout JSONFields) throws(JSONFault) -> Bool {
    if accept(UInt8(ascii: "}")) {
      // Accepted only where no comma came before: below, a comma is always followed by a quote.
      depth &+= 1
      return false
    }
    if !fields.isFirst {
      guard accept(UInt8(ascii: ",")) else { throw expected("',' or '}'") }
    }
    fields.isFirst = false
    guard peek() == UInt8(ascii: "\"") else { throw expected("a name in quotes") }
    return true
  }

  /// The field whose name comes next; nil when its member is done with: it was skipped, or its value is `null`.
  @inlinable @inline(__always)
  mutating func field(_ fields: inout JSONFields) throws(JSONFault) -> Int? {
    let place = cursor
    let index: Int
    if let next = expectedField(&fields) {
      index = next
    } else if let other = try otherField(&fields) {
      index = other
    } else {
      return nil
    }
    guard fields.mark(index) else { throw fault("the field comes twice", at: place) }
    return index
  }

  /// Compares the name with the one that is expected next, and moves past it and its colon if they are the same.
  @inlinable
  mutating func expectedField(_ fields: inout JSONFields) -> Int? {
    let text = fields.names.utf8Start
    let limit = fields.names.utf8CodeUnitCount
    var at = fields.position
    var next = cursor + 1
    while at < limit, next < end, text[at] == next.pointee, next.pointee > 2 {
      at &+= 1
      next += 1
    }
    guard at < limit, at > fields.position, end - next >= 2, next.pointee == UInt8(ascii: "\"") else { return nil }
    guard text[at] == 0x0a || text[at] == 1, next[1] == UInt8(ascii: ":") else { return nil }
    while text[at] != 0x0a {
      guard text[at] != 2 else { return nil }
      at &+= 1
    }
    let name = cursor
    cursor = next + 2
    guard peek() != UInt8(ascii: "n") else {
      // A value that may be null is the business of the slow way.
      cursor = name
      return nil
    }
    fields.position = at &+ 1
    fields.index &+= 1
    return fields.index &- 1
  }

  /// Reads any name. nil when the member is done with: it was skipped, or its value is `null`.
  @usableFromInline
  mutating func otherField(_ fields: inout JSONFields) throws(JSONFault) -> Int? {
    let place = cursor
    let name = try string()
    guard accept(UInt8(ascii: ":")) else { throw expected("':'") }
    var name8 = name
    guard let (index, takesNull) = name8.withUTF8({ fields.find($0) }) else {
      if depth == typeKeyDepth, name == "@type" {
        try skipValue()
        return nil
      }
      guard ignoresUnknown else { throw fault("the message has no field '\(name)'", at: place) }
      try skipValue()
      return nil
    }
    if !takesNull, null() {
      guard fields.mark(index) else { throw fault("the field comes twice", at: place) }
      return nil
    }
    return index
  }

  /// Two members of one oneof are set.
  public func secondMember(of oneof: StaticString) -> JSONFault {
    fault("a second member of the oneof '\(oneof)' is set")
  }
}
