/// One call a field: its tag and its value. Whether a field is written at all is generated code's decision.
extension WireWriter {
  @inlinable @inline(__always)
  public mutating func varint(_ tag: UInt32, _ value: UInt64) {
    reserve(15)
    put(varint: UInt64(tag))
    put(varint: value)
  }

  @inlinable @inline(__always)
  public mutating func int32(_ tag: UInt32, _ value: Int32) { varint(tag, UInt64(bitPattern: Int64(value))) }

  @inlinable @inline(__always)
  public mutating func int64(_ tag: UInt32, _ value: Int64) { varint(tag, UInt64(bitPattern: value)) }

  @inlinable @inline(__always)
  public mutating func uint32(_ tag: UInt32, _ value: UInt32) { varint(tag, UInt64(value)) }

  @inlinable @inline(__always)
  public mutating func uint64(_ tag: UInt32, _ value: UInt64) { varint(tag, value) }

  @inlinable @inline(__always)
  public mutating func sint32(_ tag: UInt32, _ value: Int32) { varint(tag, UInt64(zigzag(value))) }

  @inlinable @inline(__always)
  public mutating func sint64(_ tag: UInt32, _ value: Int64) { varint(tag, zigzag(value)) }

  @inlinable @inline(__always)
  public mutating func bool(_ tag: UInt32, _ value: Bool) { varint(tag, value ? 1 : 0) }

  @inlinable @inline(__always)
  public mutating func enumeration<E: Enum>(_ tag: UInt32, _ value: E) {
    int32(tag, Int32(truncatingIfNeeded: value.rawValue))
  }

  @inlinable @inline(__always)
  mutating func fixed<Number: FixedWidthInteger>(_ tag: UInt32, _ value: Number) {
    reserve(13)
    put(varint: UInt64(tag))
    put(fixed: value)
  }

  @inlinable @inline(__always)
  public mutating func fixed32(_ tag: UInt32, _ value: UInt32) { fixed(tag, value) }

  @inlinable @inline(__always)
  public mutating func fixed64(_ tag: UInt32, _ value: UInt64) { fixed(tag, value) }

  @inlinable @inline(__always)
  public mutating func sfixed32(_ tag: UInt32, _ value: Int32) { fixed(tag, value) }

  @inlinable @inline(__always)
  public mutating func sfixed64(_ tag: UInt32, _ value: Int64) { fixed(tag, value) }

  @inlinable @inline(__always)
  public mutating func float(_ tag: UInt32, _ value: Float) { fixed(tag, value.bitPattern) }

  @inlinable @inline(__always)
  public mutating func double(_ tag: UInt32, _ value: Double) { fixed(tag, value.bitPattern) }

  @inlinable
  public mutating func string(_ tag: UInt32, _ value: String) {
    let count = value.utf8.count
    head(tag, count)
    // The closure does nothing but copy: one that changed the writer would have the compiler retain the string.
    let place = cursor
    let stored: Void? = value.utf8.withContiguousStorageIfAvailable { store($0, at: place) }
    if stored == nil { store(bridged: value, at: place) }
    cursor += count
  }

  @inlinable
  public mutating func bytes(_ tag: UInt32, _ value: [UInt8]) {
    head(tag, value.count)
    put(value)
  }

  /// A tag and a length, and room for `count` bytes behind them.
  @inlinable @inline(__always)
  mutating func head(_ tag: UInt32, _ count: Int) {
    reserve(15 &+ count)
    put(varint: UInt64(tag))
    put(varint: UInt64(truncatingIfNeeded: count))
  }

  @inlinable
  public mutating func message<M: Message>(_ tag: UInt32, _ value: M) {
    reserve(6)
    put(varint: UInt64(tag))
    let mark = open()
    value.write(to: &self)
    close(mark)
  }

  @inlinable
  public mutating func group<M: Message>(_ number: UInt32, _ value: M) {
    reserve(5)
    put(varint: UInt64(number << 3 | 3))
    value.write(to: &self)
    reserve(5)
    put(varint: UInt64(number << 3 | 4))
  }

  @inlinable @inline(__always)
  public mutating func unknown(_ fields: UnknownFields) {
    if let stored = fields.stored { unknown(stored) }
  }

  @inlinable @inline(never)
  mutating func unknown(_ fields: [UInt8]) {
    reserve(fields.count)
    put(fields)
  }
}

@inlinable @inline(__always)
func store(_ bytes: UnsafeBufferPointer<UInt8>, at place: UnsafeMutablePointer<UInt8>) {
  if let base = bytes.baseAddress { UnsafeMutableRawPointer(place).copyMemory(from: base, byteCount: bytes.count) }
}

/// Where there is Objective-C, a string may be one of its own, with its bytes in no one place.
@usableFromInline @inline(never)
func store(bridged value: String, at place: UnsafeMutablePointer<UInt8>) {
  for (index, byte) in value.utf8.enumerated() { place[index] = byte }
}

@inlinable @inline(__always)
func zigzag(_ value: Int32) -> UInt32 { UInt32(bitPattern: (value &<< 1) ^ (value &>> 31)) }

@inlinable @inline(__always)
func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value &<< 1) ^ (value &>> 63)) }
