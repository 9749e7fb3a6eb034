/// Up to eight bytes that go before a body and are kept beside it, so that no body is copied to stand behind them.
package struct BodyPrefix: Sendable {
  // The next byte is the most significant.
  private var bits: UInt64
  private(set) var count: Int

  package static var none: BodyPrefix { BodyPrefix(0, count: 0) }

  /// The last `count` bytes of `value` as a big-endian number; 0 to 8.
  package init(_ value: UInt64, count: Int) {
    precondition(0...8 ~= count)
    bits = count == 0 ? 0 : value << UInt64(8 * (8 - count))
    self.count = count
  }

  /// Appends all of its bytes.
  package func append(to bytes: inout [UInt8]) {
    var rest = bits
    for _ in 0..<count {
      bytes.append(UInt8(truncatingIfNeeded: rest >> 56))
      rest <<= 8
    }
  }

  /// Moves as many of its bytes as fit to the front of `buffer` and says how many.
  mutating func move(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let moved = min(count, buffer.count)
    for index in 0..<moved {
      buffer[index] = UInt8(truncatingIfNeeded: bits >> 56)
      bits <<= 8
    }
    count -= moved
    return moved
  }
}
