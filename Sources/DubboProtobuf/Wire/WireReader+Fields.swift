/// Nested messages, groups, repeated fields and maps.
extension WireReader {
  /// Merges a nested message into `message`.
  @inlinable
  public mutating func message<M: Message>(_ message: inout M) throws(WireError) {
    let count = try length()
    let outer = end
    guard depth > 0 else { throw .tooDeep }
    depth &-= 1
    end = cursor + count
    try message.merge(from: &self)
    end = outer
    depth &+= 1
  }

  /// Merges a nested message into the one that is set, or into a new one.
  @inlinable
  public mutating func message<M: Message>(_ message: inout M?) throws(WireError) {
    var value = message.take() ?? M()
    try self.message(&value)
    message = value
  }

  /// Merges a group, whose start was just read and whose end is `number`'s, into `message`.
  ///
  /// The end is looked for first, so that a group's fields end where their window does, like those of any message.
  public mutating func group<M: Message>(_ message: inout M, _ number: UInt32) throws(WireError) {
    let start = cursor
    let outer = end
    end = try skipGroup(number)
    let after = cursor
    cursor = start
    guard depth > 0 else { throw .tooDeep }
    depth &-= 1
    try message.merge(from: &self)
    cursor = after
    end = outer
    depth &+= 1
  }

  public mutating func group<M: Message>(_ message: inout M?, _ number: UInt32) throws(WireError) {
    var value = message.take() ?? M()
    try group(&value, number)
    message = value
  }

  /// All messages that follow each other with the same tag, the first of which was just read.
  @inlinable
  public mutating func messages<M: Message>(_ messages: inout [M], _ tag: UInt32) throws(WireError) {
    if messages.isEmpty { messages.reserveCapacity(countRun(of: tag)) }
    repeat {
      var value = M()
      try message(&value)
      messages.append(value)
    } while skip(tag: tag)
  }

  public mutating func groups<M: Message>(_ messages: inout [M], _ number: UInt32) throws(WireError) {
    var value = M()
    try group(&value, number)
    messages.append(value)
  }

  /// All values that follow each other with the same tag, the first of which was just read.
  @inlinable
  public mutating func repeated<C: FieldCodec>(
    _: C.Type, _ values: inout [C.Value], _ tag: UInt32
  ) throws(WireError) {
    if C.isLengthDelimited, values.isEmpty { values.reserveCapacity(countRun(of: tag)) }
    repeat {
      var value = C.defaultValue
      try C.read(from: &self, into: &value)
      values.append(value)
    } while skip(tag: tag)
  }

  /// The values of a packed field.
  @inlinable
  public mutating func packed<C: ScalarCodec>(_: C.Type, _ values: inout [C.Value]) throws(WireError) {
    let count = try length()
    let outer = end
    end = cursor + count
    if C.width > 0 {
      guard count % C.width == 0 else { throw .truncated }
      values.append(fixedWidth: UnsafeRawBufferPointer(start: cursor, count: count))
      cursor = end
    } else {
      if values.isEmpty { values.reserveCapacity(countVarints()) }
      while cursor < end {
        var value = C.defaultValue
        try C.read(from: &self, into: &value)
        values.append(value)
      }
    }
    end = outer
  }

  /// One entry of a map. The last entry of a key wins; what is missing is the type's default.
  @inlinable
  public mutating func map<K: MapKeyCodec, V: FieldCodec>(
    _: K.Type, _: V.Type, _ map: inout [K.Value: V.Value], _ tag: UInt32
  ) throws(WireError) {
    if map.isEmpty { map.reserveCapacity(countRun(of: tag)) }
    repeat {
      var key = K.defaultValue
      var value = V.defaultValue
      _ = try mapEntry(K.self, V.self, &key, &value)
      map[key] = value
    } while skip(tag: tag)
  }

  /// One entry of a map whose values are of a closed enum: an entry with a number it does not have is kept as unknown.
  @inlinable
  public mutating func map<K: MapKeyCodec, E: Enum>(
    _: K.Type, _: ProtoEnum<E>.Type, _ map: inout [K.Value: E], _ tag: UInt32, _ unknownFields: inout UnknownFields
  ) throws(WireError) {
    let start = cursor
    var key = K.defaultValue
    var value = E()
    if try mapEntry(K.self, ProtoEnum<E>.self, &key, &value) {
      map[key] = value
    } else {
      unknownFields.append(tag, UnsafeBufferPointer(start: start, count: cursor - start))
    }
  }

  /// A repeated field of a closed enum, packed or not: numbers it does not have are kept as unknown, one by one.
  @inlinable
  public mutating func closedEnums<E: Enum>(
    _ values: inout [E], _ tag: UInt32, _ unknownFields: inout UnknownFields
  ) throws(WireError) {
    let outer = end
    if tag & 7 == 2 {
      let count = try length()
      end = cursor + count
    }
    repeat {
      if tag & 7 == 2, cursor == end { break }
      let number = try number()
      if let value = E(rawValue: number) {
        values.append(value)
      } else {
        unknownFields.append(tag & ~7, number: number)
      }
    } while tag & 7 == 2
    end = outer
  }

  /// Reads one entry; false if its value is none of a closed enum.
  @inlinable
  mutating func mapEntry<K: MapKeyCodec, V: FieldCodec>(
    _: K.Type, _: V.Type, _ key: inout K.Value, _ value: inout V.Value
  ) throws(WireError) -> Bool {
    let count = try length()
    let outer = end
    guard depth > 0 else { throw .tooDeep }
    depth &-= 1
    end = cursor + count
    var known = true
    while cursor < end {
      let tag = try tag()
      switch tag {
      case 1 << 3 | K.wireType: try K.read(from: &self, into: &key)
      case 2 << 3 | V.wireType: known = try V.readKnown(from: &self, into: &value)
      default: try skipValue(of: tag)
      }
    }
    end = outer
    depth &+= 1
    return known
  }

  /// How many fields of the tag follow each other, the first of which was just read: the array is allocated once.
  /// Looks no further than the bytes present, and stops at anything unexpected.
  @usableFromInline
  func countRun(of tag: UInt32) -> Int {
    var scout = WireReader(start: cursor, count: remaining, depth: 0)
    var count = 0
    repeat {
      guard let length = try? scout.length() else { break }
      scout.cursor += length
      count &+= 1
    } while scout.skip(tag: tag)
    return count
  }

  /// The number of varints up to the end: their last bytes are the ones below 0x80.
  @inlinable
  func countVarints() -> Int {
    var count = 0
    for byte in UnsafeBufferPointer(start: cursor, count: remaining) { count &+= Int((byte ^ 0x80) &>> 7) }
    return count
  }
}

extension Array {
  /// Appends little-endian numbers as they lie in memory.
  @inlinable
  mutating func append(fixedWidth bytes: UnsafeRawBufferPointer) {
    let stride = MemoryLayout<Element>.stride
    let added = bytes.count / stride
    if isEmpty {
      self = [Element](unsafeUninitializedCapacity: added) { buffer, initialized in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
        initialized = added
      }
      return
    }
    for index in 0..<added { append(bytes.loadUnaligned(fromByteOffset: index &* stride, as: Element.self)) }
  }
}
