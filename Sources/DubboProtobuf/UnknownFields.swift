/// Fields a message carries without knowing them: as they came, in the order they came, written back behind the others.
@frozen
public struct UnknownFields: Sendable, Hashable {
  /// Never empty: no unknown fields cost one null word.
  @usableFromInline var stored: [UInt8]?

  @inlinable
  public init() {}

  /// Tags and values in the binary format.
  public var data: [UInt8] { stored ?? [] }

  @inlinable public var isEmpty: Bool { stored == nil }

  @usableFromInline
  mutating func append(_ tag: UInt32, _ value: UnsafeBufferPointer<UInt8>) {
    var bytes = stored.take() ?? []
    bytes.append(varint: UInt64(tag))
    bytes.append(contentsOf: value)
    stored = bytes
  }

  /// Keeps a number that is none of a closed enum's values.
  public mutating func append(_ tag: UInt32, number: Int) {
    var bytes = stored.take() ?? []
    bytes.append(varint: UInt64(tag))
    bytes.append(varint: UInt64(bitPattern: Int64(number)))
    stored = bytes
  }

  mutating func append(_ other: UnknownFields) {
    guard let added = other.stored else { return }
    stored = (stored.take() ?? []) + added
  }
}

extension [UInt8] {
  mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }
}
