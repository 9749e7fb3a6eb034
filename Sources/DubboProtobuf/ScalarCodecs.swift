// The types of numbers, each with what sets it apart from the others of its Swift type.

public enum ProtoInt32: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Int32) throws(WireError) {
    value = try reader.int32()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Int32, _ tag: UInt32, to writer: inout WireWriter) { writer.int32(tag, value) }
}

public enum ProtoInt64: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Int64) throws(WireError) {
    value = try reader.int64()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Int64, _ tag: UInt32, to writer: inout WireWriter) { writer.int64(tag, value) }
}

public enum ProtoUInt32: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout UInt32) throws(WireError) {
    value = try reader.uint32()
  }

  @inlinable @inline(__always)
  public static func write(_ value: UInt32, _ tag: UInt32, to writer: inout WireWriter) { writer.uint32(tag, value) }
}

public enum ProtoUInt64: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout UInt64) throws(WireError) {
    value = try reader.uint64()
  }

  @inlinable @inline(__always)
  public static func write(_ value: UInt64, _ tag: UInt32, to writer: inout WireWriter) { writer.uint64(tag, value) }
}

public enum ProtoSInt32: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Int32) throws(WireError) {
    value = try reader.sint32()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Int32, _ tag: UInt32, to writer: inout WireWriter) { writer.sint32(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: Int32) -> UInt64 { UInt64(zigzag(value)) }
}

public enum ProtoSInt64: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Int64) throws(WireError) {
    value = try reader.sint64()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Int64, _ tag: UInt32, to writer: inout WireWriter) { writer.sint64(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: Int64) -> UInt64 { zigzag(value) }
}

public enum ProtoFixed32: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 5 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout UInt32) throws(WireError) {
    value = try reader.fixed32()
  }

  @inlinable @inline(__always)
  public static func write(_ value: UInt32, _ tag: UInt32, to writer: inout WireWriter) { writer.fixed32(tag, value) }
}

public enum ProtoFixed64: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 1 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout UInt64) throws(WireError) {
    value = try reader.fixed64()
  }

  @inlinable @inline(__always)
  public static func write(_ value: UInt64, _ tag: UInt32, to writer: inout WireWriter) { writer.fixed64(tag, value) }
}

public enum ProtoSFixed32: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 5 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Int32) throws(WireError) {
    value = try reader.sfixed32()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Int32, _ tag: UInt32, to writer: inout WireWriter) { writer.sfixed32(tag, value) }
}

public enum ProtoSFixed64: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 1 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Int64) throws(WireError) {
    value = try reader.sfixed64()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Int64, _ tag: UInt32, to writer: inout WireWriter) { writer.sfixed64(tag, value) }
}

public enum ProtoFloat: ScalarCodec {
  @inlinable public static var wireType: UInt32 { 5 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Float) throws(WireError) {
    value = try reader.float()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Float, _ tag: UInt32, to writer: inout WireWriter) { writer.float(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: Float) -> UInt64 { UInt64(value.bitPattern) }
}

public enum ProtoDouble: ScalarCodec {
  @inlinable public static var wireType: UInt32 { 1 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Double) throws(WireError) {
    value = try reader.double()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Double, _ tag: UInt32, to writer: inout WireWriter) { writer.double(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: Double) -> UInt64 { value.bitPattern }
}

public enum ProtoBool: ScalarCodec, MapKeyCodec {
  @inlinable public static var wireType: UInt32 { 0 }

  @inlinable @inline(__always)
  public static func read(from reader: inout WireReader, into value: inout Bool) throws(WireError) {
    value = try reader.bool()
  }

  @inlinable @inline(__always)
  public static func write(_ value: Bool, _ tag: UInt32, to writer: inout WireWriter) { writer.bool(tag, value) }

  @inlinable @inline(__always)
  public static func bits(of value: Bool) -> UInt64 { value ? 1 : 0 }

  @inlinable public static var defaultValue: Bool { false }

  @inlinable
  public static func precedes(_ left: Bool, _ right: Bool) -> Bool { !left && right }
}
