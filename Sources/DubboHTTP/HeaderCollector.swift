/// The header block that is being received, counted as it is decoded and copied once when it is complete.
///
/// One is enough for a session: HTTP/2 lets no other frame between the parts of a block.
struct HeaderCollector: ~Copyable {
  private static var idleCapacity: Int { 1_024 }
  private static var keptCapacity: Int { 8_192 }

  private var storage: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var count = 0
  private var size = 0
  private var fields = 0
  private let maxSize: Int
  private let maxFields: Int

  init(_ limits: HTTP2Limits) {
    maxSize = limits.maxHeaderListSize
    maxFields = limits.maxHeaderFields
    capacity = Self.idleCapacity
    storage = .allocate(capacity: capacity)
  }

  deinit {
    storage.deallocate()
  }

  mutating func begin() {
    count = 0
    size = 0
    fields = 0
  }

  /// Counts a field, pseudo-headers too; false when the list is now over a limit.
  mutating func admit(name: Int, value: Int) -> Bool {
    fields += 1
    size += name + value + 32
    return size <= maxSize && fields <= maxFields && name <= Int(UInt16.max)
  }

  /// Adds a field that was admitted: so its size is far below the length fields' ranges.
  mutating func append(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {
    let needed = 6 + name.count + value.count
    if capacity - count < needed { grow(to: count + needed) }
    let entry = storage + count
    entry[0] = UInt8(truncatingIfNeeded: name.count >> 8)
    entry[1] = UInt8(truncatingIfNeeded: name.count)
    entry[2] = UInt8(truncatingIfNeeded: value.count >> 24)
    entry[3] = UInt8(truncatingIfNeeded: value.count >> 16)
    entry[4] = UInt8(truncatingIfNeeded: value.count >> 8)
    entry[5] = UInt8(truncatingIfNeeded: value.count)
    if let from = name.baseAddress { (entry + 6).update(from: from, count: name.count) }
    if let from = value.baseAddress { (entry + 6 + name.count).update(from: from, count: value.count) }
    count += needed
  }

  /// The complete block, in an array of its exact size.
  mutating func finish() -> [UInt8] {
    let block = [UInt8](UnsafeBufferPointer(start: storage, count: count))
    begin()
    if capacity > Self.keptCapacity {
      storage.deallocate()
      capacity = Self.idleCapacity
      storage = .allocate(capacity: capacity)
    }
    return block
  }

  private mutating func grow(to needed: Int) {
    let newCapacity = max(needed, capacity * 2)
    let new = UnsafeMutablePointer<UInt8>.allocate(capacity: newCapacity)
    new.update(from: storage, count: count)
    storage.deallocate()
    storage = new
    capacity = newCapacity
  }
}
