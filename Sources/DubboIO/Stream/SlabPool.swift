/// Blocks of memory of one size that output borrows for as long as it is on its way. A connection with nothing to say
/// holds none, and the one just given back, still warm in the cache, is the next to be taken. Loop-confined.
final class SlabPool {
  static let slabSize = 64 * 1024
  /// A mebibyte for each loop, whatever the burst before.
  private static let keptAtMost = 16
  private var free: ContiguousArray<UnsafeMutableRawPointer> = []

  func take() -> UnsafeMutableRawPointer {
    free.popLast() ?? .allocate(byteCount: Self.slabSize, alignment: 16)
  }

  /// Takes memory back, of whatever size; keeps it if it is a slab and not too many are kept.
  func give(_ memory: UnsafeMutableRawPointer, capacity: Int) {
    if capacity == Self.slabSize, free.count < Self.keptAtMost {
      free.append(memory)
    } else {
      memory.deallocate()
    }
  }

  deinit {
    for slab in free { slab.deallocate() }
  }
}
