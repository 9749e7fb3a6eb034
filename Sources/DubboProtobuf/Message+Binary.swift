extension Message {
  /// Decodes a message.
  /// - Parameter partial: accepts that proto2 `required` fields are missing.
  @inlinable
  public init(serializedBytes bytes: [UInt8], partial: Bool = false) throws(BinaryDecodingError) {
    self.init()
    try merge(serializedBytes: bytes, partial: partial)
  }

  /// Decodes a message from bytes that stay valid during the call, for example a part of a receive buffer.
  @inlinable
  public init(serializedBytes bytes: UnsafeRawBufferPointer, partial: Bool = false) throws(BinaryDecodingError) {
    self.init()
    try merge(serializedBytes: bytes, partial: partial)
  }

  /// Decodes a message from a part of an array, without copying it.
  @inlinable
  public init(serializedBytes bytes: ArraySlice<UInt8>, partial: Bool = false) throws(BinaryDecodingError) {
    try self.init(serializedBytes: bytes.span.bytes, partial: partial)
  }

  /// Decodes a message from a span.
  @inlinable
  public init(serializedBytes bytes: RawSpan, partial: Bool = false) throws(BinaryDecodingError) {
    self.init()
    try bytes.withUnsafeBytes { bytes throws(BinaryDecodingError) in
      try self.merge(serializedBytes: bytes, partial: partial)
    }
  }

  /// Merges: singular fields of `bytes` replace, nested messages merge, repeated fields are appended.
  /// After an error the message holds what was read before it.
  @inlinable
  public mutating func merge(serializedBytes bytes: [UInt8], partial: Bool = false) throws(BinaryDecodingError) {
    try bytes.span.bytes.withUnsafeBytes { bytes throws(BinaryDecodingError) in
      try self.merge(serializedBytes: bytes, partial: partial)
    }
  }

  @inlinable
  public mutating func merge(
    serializedBytes bytes: UnsafeRawBufferPointer, partial: Bool = false
  ) throws(BinaryDecodingError) {
    if let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) {
      var reader = WireReader(start: start, count: bytes.count)
      do throws(WireError) {
        try merge(from: &reader)
      } catch {
        throw BinaryDecodingError(messageName: Self.protoMessageName, reason: error, offset: reader.cursor - start)
      }
    }
    if !partial, !isInitialized {
      throw BinaryDecodingError(
        messageName: Self.protoMessageName, reason: .missingRequiredField, offset: bytes.count)
    }
  }

  /// Encodes the message into a new array.
  /// - Parameter partial: accepts that proto2 `required` fields are missing.
  @inlinable
  public func serializedBytes(partial: Bool = false) throws(BinaryEncodingError) -> [UInt8] {
    // A copy of a buffer is half the cost of an array that is made without its elements and filled.
    try encoded(partial: partial) { [UInt8](UnsafeBufferPointer(start: $0.start, count: $0.count)) }
  }

  /// Encodes the message behind `prefix` bytes of zero, so that a frame is one array.
  @inlinable
  public func serializedBytes(prefix: Int, partial: Bool = false) throws(BinaryEncodingError) -> [UInt8] {
    try encoded(partial: partial) { writer in
      [UInt8](unsafeUninitializedCapacity: prefix + writer.count) { buffer, initialized in
        guard let start = buffer.baseAddress else { return }
        start.initialize(repeating: 0, count: prefix)
        (start + prefix).initialize(from: writer.start, count: writer.count)
        initialized = prefix + writer.count
      }
    }
  }

  /// Encodes the message behind what `bytes` holds already.
  @inlinable
  public func appendSerializedBytes(to bytes: inout [UInt8], partial: Bool = false) throws(BinaryEncodingError) {
    try encoded(partial: partial) { writer in
      writer.withBytes { bytes.append(contentsOf: $0) }
    }
  }

  /// Most messages fit on the stack, which costs nothing up to 1,024 bytes; the writer moves larger ones to the heap.
  @inlinable
  func encoded<Result>(
    partial: Bool, _ body: (borrowing WireWriter) -> Result
  ) throws(BinaryEncodingError) -> Result {
    if !partial, !isInitialized {
      throw BinaryEncodingError(messageName: Self.protoMessageName, reason: .missingRequiredField)
    }
    let result = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1_024) { room -> Result? in
      guard let start = room.baseAddress else { return nil }
      var writer = WireWriter(lent: start, count: room.count)
      write(to: &writer)
      guard writer.count <= Int(Int32.max) else { return nil }
      return body(writer)
    }
    guard let result else { throw BinaryEncodingError(messageName: Self.protoMessageName, reason: .tooLarge) }
    return result
  }
}
