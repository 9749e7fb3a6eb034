import DubboProtobuf
import Testing

struct EntryPointTests {
  private let point = Point.with { $0.x = 1 }

  @Test
  func `a frame's prefix stands in front of the message in one array`() throws {
    #expect(hex(try point.serializedBytes(prefix: 5)) == "00 00 00 00 00 08 01")
    #expect(hex(try Point().serializedBytes(prefix: 5)) == "00 00 00 00 00")
  }

  @Test
  func `a message is appended behind what an array holds`() throws {
    var bytes: [UInt8] = [9]
    try point.appendSerializedBytes(to: &bytes)
    #expect(hex(bytes) == "09 08 01")
  }

  @Test
  func `a message is read from arrays, slices, buffers and spans`() throws {
    let bytes = hex("ff 08 01 ff")
    #expect(try Point(serializedBytes: bytes[1..<3]) == point)
    #expect(try Point(serializedBytes: bytes[1..<3].span.bytes) == point)
    #expect(
      try bytes.withUnsafeBytes { try Point(serializedBytes: UnsafeRawBufferPointer(rebasing: $0[1..<3])) } == point)
    #expect(try Point(serializedBytes: UnsafeRawBufferPointer(start: nil, count: 0)) == Point())
    #expect(try Point(serializedBytes: []) == Point())
  }

  @Test
  func `merging adds to what is there`() throws {
    var message = point
    try message.merge(serializedBytes: hex("10 02"))
    #expect(
      message
        == .with {
          $0.x = 1; $0.y = 2
        })
  }

  @Test
  func `a writer is used again and again`() throws {
    var writer = WireWriter(capacity: 16)
    for size in [3, 5_000, 1] {
      let message = Texts.with { $0.bytes = [UInt8](repeating: 7, count: size) }
      writer.reset()
      message.write(to: &writer)
      #expect(writer.bytes == (try message.serializedBytes()))
      #expect(writer.withBytes { $0.count } == writer.count)
    }
  }

  @Test(arguments: [0, 1, 120, 126, 127, 128, 129, 1_000, 1_018, 1_024, 16_380, 16_384, 70_000, 2_100_000])
  func `nested messages of every size get the right length`(size: Int) throws {
    let message = Tree.with { $0.left.left.label = String(repeating: "x", count: size) }
    #expect(try Tree(serializedBytes: try message.serializedBytes()) == message)
  }
}
