/// The bytes that a stream will write next: raw memory that grows, borrowed from the loop while it holds anything.
/// Loop-confined.
package final class OutputBuffer {
  private let slabs: SlabPool
  // Without the run-time check of exclusive access, which the engine would pay for each frame: no access here spans
  // another.
  @exclusivity(unchecked) private var base: UnsafeMutableRawPointer?
  @exclusivity(unchecked) private var capacity = 0
  @exclusivity(unchecked) package private(set) var count = 0

  init(slabs: SlabPool) { self.slabs = slabs }

  package var isEmpty: Bool { count == 0 }

  /// What is in it; valid until the next change.
  package var bytes: UnsafeRawBufferPointer { .init(start: base, count: count) }

  package func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    reserve(bytes.count).copyMemory(from: source, byteCount: bytes.count)
    count += bytes.count
  }

  package func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append($0) }
  }

  /// Room for `size` more bytes. They count once `commit` was called; the pointer is valid until the next change.
  package func reserve(_ size: Int) -> UnsafeMutableRawPointer {
    if let base, capacity - count >= size { return base + count }
    return grow(by: size)
  }

  /// Counts `size` bytes that were written to what `reserve` gave.
  package func commit(_ size: Int) {
    precondition(size >= 0 && size <= capacity - count, "more bytes committed than reserved")
    count += size
  }

  private func grow(by size: Int) -> UnsafeMutableRawPointer {
    precondition(size >= 0 && size < Int.max / 4, "an impossible size")
    var wanted = max(capacity, SlabPool.slabSize)
    while wanted - count < size { wanted *= 2 }
    let memory = wanted == SlabPool.slabSize ? slabs.take() : .allocate(byteCount: wanted, alignment: 16)
    if let base {
      memory.copyMemory(from: base, byteCount: count)
      slabs.give(base, capacity: capacity)
    }
    base = memory
    capacity = wanted
    return memory + count
  }

  /// Forgets the bytes and gives the memory back.
  package func removeAll() {
    if let base { slabs.give(base, capacity: capacity) }
    base = nil
    capacity = 0
    count = 0
  }

  /// Hands the bytes and their memory over, and is empty.
  func detach() -> OutputBlock? {
    guard let base else { return nil }
    let block = OutputBlock(base: base, capacity: capacity, count: count)
    self.base = nil
    capacity = 0
    count = 0
    return block
  }

  deinit { base?.deallocate() }
}

/// Output that the system is writing. Its owner gives it back to the pool exactly once.
struct OutputBlock {
  var base: UnsafeMutableRawPointer
  var capacity: Int
  var count: Int
}
