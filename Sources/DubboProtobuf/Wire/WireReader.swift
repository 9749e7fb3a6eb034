/// Reads the binary format from bytes that somebody else keeps alive.
///
/// A cursor and an end are all there is: generated code asks for a tag, then for the value of the field it names.
/// Every read checks what is left before it moves, so no input makes it leave the bytes it was given, and nothing is
/// allocated on the word of a length that the input does not back with bytes.
///
/// Invariant: `cursor <= end`, both inside one buffer (or one past its end) that outlives the reader. Only the entry
/// points in `Message+Binary.swift` make readers, inside the closure that lends them the buffer.
@frozen
public struct WireReader: ~Copyable {
  @usableFromInline var cursor: UnsafePointer<UInt8>
  @usableFromInline var end: UnsafePointer<UInt8>
  /// How many more levels of nesting are accepted.
  @usableFromInline var depth: Int

  /// Levels of messages and groups below the outermost message.
  @inlinable public static var maximumDepth: Int { 100 }

  @inlinable
  init(start: UnsafePointer<UInt8>, count: Int, depth: Int = WireReader.maximumDepth) {
    self.cursor = start
    self.end = start + count
    self.depth = depth
  }

  /// True when the message (or the packed field) being read has no more bytes.
  @inlinable public var atEnd: Bool { cursor == end }

  @inlinable var remaining: Int { end - cursor }

  /// The next tag, field number and wire type together. Overlong forms are accepted.
  @inlinable @inline(__always)
  public mutating func tag() throws(WireError) -> UInt32 {
    guard cursor < end else { throw .truncated }
    let byte = cursor.pointee
    if byte < 0x80 {
      cursor += 1
      return UInt32(byte)
    }
    let value = try longVarint()
    guard value <= UInt64(UInt32.max) else { throw .invalidTag }
    return UInt32(truncatingIfNeeded: value)
  }

  @inlinable @inline(__always)
  public mutating func varint() throws(WireError) -> UInt64 {
    guard cursor < end else { throw .truncated }
    let byte = cursor.pointee
    if byte < 0x80 {
      cursor += 1
      return UInt64(byte)
    }
    return try longVarint()
  }

  /// A varint of two or more bytes. Bits above the 64th are dropped, as C++ does.
  @inlinable @inline(never)
  mutating func longVarint() throws(WireError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    var next = cursor
    while shift < 70 {
      guard next < end else { throw .truncated }
      let byte = next.pointee
      next += 1
      value |= UInt64(byte & 0x7f) &<< shift
      if byte < 0x80 {
        cursor = next
        return value
      }
      shift &+= 7
    }
    throw .malformedVarint
  }

  /// A length that the input backs with as many bytes.
  @inlinable @inline(__always)
  mutating func length() throws(WireError) -> Int {
    let count = try varint()
    guard count <= UInt64(end - cursor) else { throw count > UInt64(Int32.max) ? .tooLarge : .truncated }
    return Int(truncatingIfNeeded: count)
  }

  @inlinable @inline(__always)
  public mutating func fixed32() throws(WireError) -> UInt32 {
    guard end - cursor >= 4 else { throw .truncated }
    let value = UnsafeRawPointer(cursor).loadUnaligned(as: UInt32.self)
    cursor += 4
    return UInt32(littleEndian: value)
  }

  @inlinable @inline(__always)
  public mutating func fixed64() throws(WireError) -> UInt64 {
    guard end - cursor >= 8 else { throw .truncated }
    let value = UnsafeRawPointer(cursor).loadUnaligned(as: UInt64.self)
    cursor += 8
    return UInt64(littleEndian: value)
  }

  /// Moves past the tag `expected` if it comes next, in its shortest form.
  @inlinable @inline(__always)
  mutating func skip(tag expected: UInt32) -> Bool {
    if expected < 0x80 {
      guard cursor < end, cursor.pointee == UInt8(truncatingIfNeeded: expected) else { return false }
      cursor += 1
      return true
    }
    return skip(longTag: expected)
  }

  @usableFromInline
  mutating func skip(longTag expected: UInt32) -> Bool {
    let start = cursor
    if let next = try? tag(), next == expected { return true }
    cursor = start
    return false
  }
}
