/// Writes the binary format forwards into one growing buffer.
///
/// A nested message is written behind one byte kept for its length, and moved up when the length needs more: cheaper
/// than a pass over all sizes beforehand. Keep a writer and `reset()` it between messages to encode without allocating.
///
/// Invariant: `start <= cursor <= limit` inside one buffer, which the writer frees only when it allocated it itself.
/// Each write reserves its worst case before it stores.
@frozen
public struct WireWriter: ~Copyable {
  @usableFromInline var start: UnsafeMutablePointer<UInt8>
  @usableFromInline var cursor: UnsafeMutablePointer<UInt8>
  @usableFromInline var limit: UnsafeMutablePointer<UInt8>
  @usableFromInline var isOwner: Bool
  /// Map entries are written in the order of their keys: equal messages give equal bytes.
  public var isDeterministic = false

  /// A writer with room for `capacity` bytes, growing by need.
  public init(capacity: Int = 256) {
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: max(capacity, 16))
    start = buffer
    cursor = buffer
    limit = buffer + max(capacity, 16)
    isOwner = true
  }

  /// A writer that begins in memory lent to it, and leaves it for the heap when it is full.
  @usableFromInline
  init(lent buffer: UnsafeMutablePointer<UInt8>, count: Int) {
    start = buffer
    cursor = buffer
    limit = buffer + count
    isOwner = false
  }

  @inlinable
  deinit { if isOwner { start.deallocate() } }

  /// The number of bytes written.
  @inlinable public var count: Int { cursor - start }

  /// Forgets what was written and keeps the memory.
  @inlinable
  public mutating func reset() { cursor = start }

  /// What was written, valid inside the closure.
  @inlinable
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// A copy of what was written.
  @inlinable public var bytes: [UInt8] { [UInt8](UnsafeBufferPointer(start: start, count: count)) }

  @inlinable @inline(__always)
  mutating func reserve(_ room: Int) {
    if limit - cursor < room { grow(room) }
  }

  @usableFromInline @inline(never)
  mutating func grow(_ room: Int) {
    let used = count
    // The first step is large, for a longer way from the stack's kilobyte costs more than memory kept for a moment.
    let capacity = max((limit - start) * 2, used + room, 16_384)
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    buffer.update(from: start, count: used)
    if isOwner { start.deallocate() }
    start = buffer
    cursor = buffer + used
    limit = buffer + capacity
    isOwner = true
  }

  // The `put`s store without a check: room was reserved.

  @inlinable @inline(__always)
  mutating func put(_ byte: UInt8) {
    cursor.pointee = byte
    cursor += 1
  }

  @inlinable @inline(__always)
  mutating func put(varint value: UInt64) {
    if value < 0x80 {
      put(UInt8(truncatingIfNeeded: value))
    } else {
      put(longVarint: value)
    }
  }

  @inlinable
  mutating func put(longVarint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      put(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest &>>= 7
    }
    put(UInt8(truncatingIfNeeded: rest))
  }

  @inlinable @inline(__always)
  mutating func put<Number: FixedWidthInteger>(fixed value: Number) {
    UnsafeMutableRawPointer(cursor).storeBytes(of: value.littleEndian, as: Number.self)
    cursor += MemoryLayout<Number>.size
  }

  @inlinable @inline(__always)
  mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
    store(bytes, at: cursor)
    cursor += bytes.count
  }

  @inlinable @inline(__always)
  mutating func put(_ bytes: [UInt8]) {
    let place = cursor
    bytes.withUnsafeBufferPointer { store($0, at: place) }
    cursor += bytes.count
  }

  /// Puts the length of all that was written since `open()` before it.
  @inlinable
  mutating func close(_ mark: Int) {
    let body = start + mark
    let length = cursor - body
    if length < 0x80 {
      (body - 1).pointee = UInt8(truncatingIfNeeded: length)
      return
    }
    closeLong(mark, length)
  }

  @usableFromInline
  mutating func closeLong(_ mark: Int, _ length: Int) {
    let extra = varintSize(UInt64(length)) - 1
    reserve(extra)
    let body = start + mark
    UnsafeMutableRawPointer(body + extra).copyMemory(from: body, byteCount: length)
    let end = cursor + extra
    cursor = body - 1
    put(varint: UInt64(length))
    cursor = end
  }

  /// Keeps one byte for the length of what follows, and says where that begins.
  @inlinable @inline(__always)
  mutating func open() -> Int {
    reserve(1)
    cursor += 1
    return count
  }
}

/// Bytes of a varint: 1 to 10.
@inlinable
func varintSize(_ value: UInt64) -> Int {
  ((63 &- (value | 1).leadingZeroBitCount) &* 9 &+ 73) &>> 6
}
