extension UnknownFields {
  /// Shows every field to the closure, its tag read and its value next; where the closure says false and has read
  /// nothing, the value is skipped.
  func forEach(
    _ body: (_ tag: UInt32, _ reader: inout WireReader) throws(WireError) -> Bool
  ) throws(WireError) {
    guard let stored else { return }
    try stored.span.bytes.withUnsafeBytes { bytes throws(WireError) in
      guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
      var reader = WireReader(start: start, count: bytes.count)
      while !reader.atEnd {
        let tag = try reader.tag()
        if try !body(tag, &reader) { try reader.skipValue(of: tag) }
      }
    }
  }

  /// Removes all fields of a number.
  mutating func remove(_ number: UInt32) {
    var kept = UnknownFields()
    do {
      try forEach { tag, reader throws(WireError) in
        guard tag >> 3 != number else { return false }
        try reader.unknown(tag, &kept)
        return true
      }
      self = kept
    } catch {
      // Fields are kept only when they were read as such.
      assertionFailure("unknown fields that are none: \(error)")
    }
  }

  mutating func append(encoded bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    stored = (stored.take() ?? []) + bytes
  }
}
