// Arrays are read through spans, which lend their elements: a loop over the array itself copies, and so retains, each.
extension WireWriter {
  /// Each value with a tag of its own.
  @inlinable
  public mutating func repeated<C: FieldCodec>(_: C.Type, _ tag: UInt32, _ values: [C.Value]) {
    let span = values.span
    for index in span.indices { C.write(span[index], tag, to: &self) }
  }

  @inlinable
  public mutating func messages<M: Message>(_ tag: UInt32, _ values: [M]) {
    let span = values.span
    for index in span.indices { message(tag, span[index]) }
  }

  @inlinable
  public mutating func groups<M: Message>(_ number: UInt32, _ values: [M]) {
    let span = values.span
    for index in span.indices { group(number, span[index]) }
  }

  /// All values behind one tag and one length; nothing if there is none.
  @inlinable
  public mutating func packed<C: ScalarCodec>(_: C.Type, _ tag: UInt32, _ values: [C.Value]) {
    guard !values.isEmpty else { return }
    if C.width > 0 {
      let count = values.count * C.width
      head(tag, count)
      let place = cursor
      values.withUnsafeBytes { store($0.assumingMemoryBound(to: UInt8.self), at: place) }
      cursor += count
      return
    }
    let span = values.span
    var count = 0
    for index in span.indices { count &+= varintSize(C.bits(of: span[index])) }
    head(tag, count)
    for index in span.indices { put(varint: C.bits(of: span[index])) }
  }

  @inlinable
  public mutating func map<K: MapKeyCodec, V: FieldCodec>(
    _: K.Type, _: V.Type, _ tag: UInt32, _ map: [K.Value: V.Value]
  ) {
    if isDeterministic {
      for (key, value) in map.sorted(by: { K.precedes($0.key, $1.key) }) { mapEntry(K.self, V.self, tag, key, value) }
    } else {
      for (key, value) in map { mapEntry(K.self, V.self, tag, key, value) }
    }
  }

  @inlinable
  mutating func mapEntry<K: MapKeyCodec, V: FieldCodec>(
    _: K.Type, _: V.Type, _ tag: UInt32, _ key: K.Value, _ value: V.Value
  ) {
    reserve(6)
    put(varint: UInt64(tag))
    let mark = open()
    K.write(key, 1 << 3 | K.wireType, to: &self)
    V.write(value, 2 << 3 | V.wireType, to: &self)
    close(mark)
  }
}
