/// Bytes that are gathered and read once, in memory that is kept for the next time unless it grew large.
///
/// Not a `[UInt8]`: appending to one that is an object's property checks for uniqueness and exclusive access each time.
final class GrowingBytes {
  private static var idleCapacity: Int { 512 }
  private static var keptCapacity: Int { 8_192 }

  private var start: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var count = 0

  init() {
    capacity = Self.idleCapacity
    start = .allocate(capacity: capacity)
  }

  deinit {
    start.deallocate()
  }

  var bytes: UnsafeBufferPointer<UInt8> { .init(start: start, count: count) }

  func clear() {
    count = 0
    guard capacity > Self.keptCapacity else { return }
    start.deallocate()
    capacity = Self.idleCapacity
    start = .allocate(capacity: capacity)
  }

  /// Makes room for `needed` bytes more, which the appends that follow rely on.
  func reserve(_ needed: Int) {
    guard capacity - count < needed else { return }
    capacity = max(count + needed, capacity * 2)
    let new = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    new.update(from: start, count: count)
    start.deallocate()
    start = new
  }

  func append(_ byte: UInt8) {
    start[count] = byte
    count += 1
  }

  func append<Number: FixedWidthInteger>(bigEndian number: Number) {
    UnsafeMutableRawPointer(start + count).storeBytes(of: number.bigEndian, as: Number.self)
    count += MemoryLayout<Number>.size
  }

  func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let from = bytes.baseAddress else { return }
    (start + count).update(from: from, count: bytes.count)
    count += bytes.count
  }
}
