extension WireReader {
  /// Keeps the field whose tag was just read byte for byte (the tag in its shortest form). What no field may look like is refused.
  @inlinable @inline(never)
  public mutating func unknown(_ tag: UInt32, _ fields: inout UnknownFields) throws(WireError) {
    let start = cursor
    try skipValue(of: tag)
    fields.append(tag, UnsafeBufferPointer(start: start, count: cursor - start))
  }

  /// Moves past the value of the tag that was just read.
  @usableFromInline
  mutating func skipValue(of tag: UInt32) throws(WireError) {
    guard tag >> 3 != 0 else { throw .invalidTag }
    switch tag & 7 {
    case 0: _ = try varint()
    case 1: _ = try fixed64()
    case 2: cursor += try length()
    case 3: _ = try skipGroup(tag >> 3)
    case 4: throw .unmatchedEndGroup
    case 5: _ = try fixed32()
    default: throw .invalidWireType
    }
  }

  /// Moves past a group whose start was just read, and says where its end tag begins.
  @usableFromInline
  @discardableResult
  mutating func skipGroup(_ number: UInt32) throws(WireError) -> UnsafePointer<UInt8> {
    guard depth > 0 else { throw .tooDeep }
    depth &-= 1
    while true {
      let start = cursor
      let tag = try tag()
      if tag & 7 == 4 {
        guard tag >> 3 == number, number != 0 else { throw .unmatchedEndGroup }
        depth &+= 1
        return start
      }
      try skipValue(of: tag)
    }
  }
}
