internal import CNghttp2

/// Memory for the library's sessions. A call costs the library about ten blocks of a few sizes: they are kept in lists
/// instead of going through the allocator each time, a twentieth of a busy server's CPU.
///
/// Confined to a loop and shared by its sessions, each of which holds it for as long as the library's session lives.
/// Keeps at most `keptBlocks` free blocks of each size, about 1 MB in all.
package final class CodecMemory {
  private static var step: Int { 64 }
  private static var sizes: Int { 16 }
  private static var keptBlocks: Int { 128 }
  /// In front of each block: its size class, 0 for one that is too large to be kept, and its size. Keeps the alignment
  /// of `malloc`.
  private static var header: Int { 16 }

  // Per size class: the first free block, whose first word leads to the next, and their number.
  private let free: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  private let counts: UnsafeMutablePointer<Int>

  package init() {
    free = .allocate(capacity: Self.sizes + 1)
    free.initialize(repeating: nil, count: Self.sizes + 1)
    counts = .allocate(capacity: Self.sizes + 1)
    counts.initialize(repeating: 0, count: Self.sizes + 1)
  }

  deinit {
    for size in 0...Self.sizes {
      while let block = take(size) { dubbo_free(block) }
    }
    free.deallocate()
    counts.deallocate()
  }

  private func take(_ size: Int) -> UnsafeMutableRawPointer? {
    guard let block = free[size] else { return nil }
    free[size] = (block + Self.header).load(as: UnsafeMutableRawPointer?.self)
    counts[size] -= 1
    return block
  }

  private func allocate(_ count: Int) -> UnsafeMutableRawPointer? {
    let size = (count + Self.step - 1) / Self.step
    let isKept = size > 0 && size <= Self.sizes
    let block = isKept ? take(size) ?? dubbo_malloc(size * Self.step + Self.header) : dubbo_malloc(count + Self.header)
    guard let block else { return nil }
    block.storeBytes(of: isKept ? size : 0, as: Int.self)
    block.storeBytes(of: count, toByteOffset: 8, as: Int.self)
    return block + Self.header
  }

  private func release(_ pointer: UnsafeMutableRawPointer) {
    let block = pointer - Self.header
    let size = block.load(as: Int.self)
    guard size > 0, counts[size] < Self.keptBlocks else { return dubbo_free(block) }
    pointer.storeBytes(of: free[size], as: UnsafeMutableRawPointer?.self)
    free[size] = block
    counts[size] += 1
  }

  private func resize(_ pointer: UnsafeMutableRawPointer, to count: Int) -> UnsafeMutableRawPointer? {
    let old = (pointer - Self.header).load(fromByteOffset: 8, as: Int.self)
    guard let new = allocate(count) else { return nil }
    new.copyMemory(from: pointer, byteCount: min(old, count))
    release(pointer)
    return new
  }

  /// The functions that the library calls. It gives `context` back unretained: alive, for the session that made the
  /// library's holds it.
  func functions() -> nghttp2_mem {
    nghttp2_mem(
      mem_user_data: Unmanaged.passUnretained(self).toOpaque(),
      malloc: { count, context in CodecMemory.on(context) { $0.allocate(count) } },
      free: { pointer, context in
        guard let pointer else { return }
        _ = CodecMemory.on(context) { memory in
          memory.release(pointer)
          return nil
        }
      },
      calloc: { number, each, context in
        let (count, overflow) = number.multipliedReportingOverflow(by: each)
        guard !overflow else { return nil }
        let pointer = CodecMemory.on(context) { $0.allocate(count) }
        pointer?.initializeMemory(as: UInt8.self, repeating: 0, count: count)
        return pointer
      },
      realloc: { pointer, count, context in
        CodecMemory.on(context) { memory in
          guard let pointer else { return memory.allocate(count) }
          return memory.resize(pointer, to: count)
        }
      })
  }

  @inline(__always)
  private static func on(
    _ context: UnsafeMutableRawPointer?, _ body: (CodecMemory) -> UnsafeMutableRawPointer?
  ) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    return Unmanaged<CodecMemory>.fromOpaque(context)._withUnsafeGuaranteedRef(body)
  }
}
