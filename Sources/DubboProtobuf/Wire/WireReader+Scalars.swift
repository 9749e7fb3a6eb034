/// Values of singular fields, in the order of protobuf's own table of types.
extension WireReader {
  @inlinable @inline(__always)
  public mutating func int32() throws(WireError) -> Int32 { Int32(truncatingIfNeeded: try varint()) }

  @inlinable @inline(__always)
  public mutating func int64() throws(WireError) -> Int64 { Int64(bitPattern: try varint()) }

  @inlinable @inline(__always)
  public mutating func uint32() throws(WireError) -> UInt32 { UInt32(truncatingIfNeeded: try varint()) }

  @inlinable @inline(__always)
  public mutating func uint64() throws(WireError) -> UInt64 { try varint() }

  @inlinable @inline(__always)
  public mutating func sint32() throws(WireError) -> Int32 {
    let bits = UInt32(truncatingIfNeeded: try varint())
    return Int32(bitPattern: (bits &>> 1) ^ (0 &- (bits & 1)))
  }

  @inlinable @inline(__always)
  public mutating func sint64() throws(WireError) -> Int64 {
    let bits = try varint()
    return Int64(bitPattern: (bits &>> 1) ^ (0 &- (bits & 1)))
  }

  @inlinable @inline(__always)
  public mutating func sfixed32() throws(WireError) -> Int32 { Int32(bitPattern: try fixed32()) }

  @inlinable @inline(__always)
  public mutating func sfixed64() throws(WireError) -> Int64 { Int64(bitPattern: try fixed64()) }

  @inlinable @inline(__always)
  public mutating func float() throws(WireError) -> Float { Float(bitPattern: try fixed32()) }

  @inlinable @inline(__always)
  public mutating func double() throws(WireError) -> Double { Double(bitPattern: try fixed64()) }

  @inlinable @inline(__always)
  public mutating func bool() throws(WireError) -> Bool { try varint() != 0 }

  /// The number of an enum's value.
  @inlinable @inline(__always)
  public mutating func number() throws(WireError) -> Int { Int(try int32()) }

  /// The value of an open enum: an unknown number is kept.
  @inlinable @inline(__always)
  public mutating func enumeration<E: Enum>() throws(WireError) -> E { E(rawValue: try number()) ?? E() }

  @inlinable
  public mutating func string() throws(WireError) -> String {
    let count = try length()
    let start = cursor
    cursor += count
    return try String(utf8At: start, count: count)
  }

  @inlinable
  public mutating func bytes() throws(WireError) -> [UInt8] {
    let count = try length()
    let start = cursor
    cursor += count
    return [UInt8](UnsafeBufferPointer(start: start, count: count))
  }
}

extension String {
  /// Copies `count` bytes of UTF-8. ASCII, the usual case, is told by eight bytes at a time and needs no second look.
  @usableFromInline
  init(utf8At start: UnsafePointer<UInt8>, count: Int) throws(WireError) {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    if isASCII(bytes) {
      self = String(decoding: bytes, as: UTF8.self)
      return
    }
    do {
      self = String(copying: try UTF8Span(validating: bytes.span))
    } catch {
      throw .invalidUTF8
    }
  }
}

private func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  let raw = UnsafeRawBufferPointer(bytes)
  var index = 0
  var bits: UInt64 = 0
  while index &+ 8 <= raw.count {
    bits |= raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    index &+= 8
  }
  while index < raw.count {
    bits |= UInt64(raw[index])
    index &+= 1
  }
  return bits & 0x8080_8080_8080_8080 == 0
}
