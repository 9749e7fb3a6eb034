import DubboProtobuf
import Testing

struct ScalarTests {
  static let cases: [(String, Numbers)] = [
    ("", .with { _ in }),
    ("08 01", .with { $0.int32 = 1 }),
    ("08 ff ff ff ff ff ff ff ff ff 01", .with { $0.int32 = -1 }),
    ("08 80 80 80 80 f8 ff ff ff ff 01", .with { $0.int32 = .min }),
    ("10 ff ff ff ff ff ff ff ff 7f", .with { $0.int64 = .max }),
    ("10 80 80 80 80 80 80 80 80 80 01", .with { $0.int64 = .min }),
    ("18 ff ff ff ff 0f", .with { $0.uint32 = .max }),
    ("20 ff ff ff ff ff ff ff ff ff 01", .with { $0.uint64 = .max }),
    ("28 01", .with { $0.sint32 = -1 }),
    ("28 ff ff ff ff 0f", .with { $0.sint32 = .min }),
    ("28 fe ff ff ff 0f", .with { $0.sint32 = .max }),
    ("30 ff ff ff ff ff ff ff ff ff 01", .with { $0.sint64 = .min }),
    ("30 02", .with { $0.sint64 = 1 }),
    ("3d 04 03 02 01", .with { $0.fixed32 = 0x0102_0304 }),
    ("41 08 07 06 05 04 03 02 01", .with { $0.fixed64 = 0x0102_0304_0506_0708 }),
    ("4d ff ff ff ff", .with { $0.sfixed32 = -1 }),
    ("51 fe ff ff ff ff ff ff ff", .with { $0.sfixed64 = -2 }),
    ("5d 00 00 80 3f", .with { $0.float = 1 }),
    ("5d 00 00 00 80", .with { $0.float = -0.0 }),
    ("61 00 00 00 00 00 00 00 80", .with { $0.double = -0.0 }),
    ("61 00 00 00 00 00 00 f0 7f", .with { $0.double = .infinity }),
    ("68 01", .with { $0.bool = true }),
    ("70 02", .with { $0.color = .green }),
    ("70 ff ff ff ff ff ff ff ff ff 01", .with { $0.color = .below }),
    ("70 2a", .with { $0.color = .UNRECOGNIZED(42) }),
  ]

  @Test(arguments: cases)
  func `a number has exactly these bytes, both ways`(bytes: String, message: Numbers) throws {
    #expect(hex(try message.serializedBytes()) == bytes)
    #expect(try Numbers(serializedBytes: hex(bytes)) == message)
  }

  static let lenient: [(String, Numbers)] = [
    ("08 80 80 80 80 20", .with { $0.int32 = 0 }),
    ("08 ff ff ff ff 1f", .with { $0.int32 = -1 }),
    ("08 ff ff ff ff ff ff ff ff 7f", .with { $0.int32 = -1 }),
    ("18 ff ff ff ff ff ff ff ff 7f", .with { $0.uint32 = .max }),
    ("28 81 80 80 80 10", .with { $0.sint32 = -1 }),
    ("68 80 80 80 80 20", .with { $0.bool = true }),
    ("68 80 00", .with { $0.bool = false }),
    ("70 81 80 80 80 10", .with { $0.color = .red }),
    ("08 b9 e0 80 80 80 80 80 80 00", .with { $0.int32 = 12345 }),
    ("08 ff ff ff ff ff ff ff ff ff 7f", .with { $0.int32 = -1 }),
    ("88 00 05", .with { $0.int32 = 5 }),
    ("08 01 08 02", .with { $0.int32 = 2 }),
    (
      "10 07 08 05",
      .with {
        $0.int32 = 5; $0.int64 = 7
      }
    ),
  ]

  @Test(arguments: lenient)
  func `bits above the type's width are dropped, overlong forms accepted, the last value wins`(
    bytes: String, message: Numbers
  ) throws {
    #expect(try Numbers(serializedBytes: hex(bytes)) == message)
  }

  @Test
  func `not a number is written and read`() throws {
    let message = Numbers.with {
      $0.double = .nan; $0.float = .nan
    }
    let decoded = try Numbers(serializedBytes: try message.serializedBytes())
    #expect(decoded.double.isNaN && decoded.float.isNaN)
  }

  @Test
  func `text and bytes keep what they hold`() throws {
    let message = Texts.with {
      $0.string = "Grüße, 世界 👋 \0"; $0.bytes = [0, 255, 128]
    }
    #expect(try Texts(serializedBytes: try message.serializedBytes()) == message)
    #expect(hex(try Texts.with { $0.string = "abc" }.serializedBytes()) == "0a 03 61 62 63")
    #expect(try Texts(serializedBytes: hex("0a 00 12 00")) == Texts())
  }

  @Test(arguments: 0...40)
  func `text of every length around the eight-byte steps round-trips`(length: Int) throws {
    for tail in ["", "é", "€"] {
      let message = Texts.with { $0.string = String(repeating: "x", count: length) + tail }
      #expect(try Texts(serializedBytes: try message.serializedBytes()) == message)
    }
  }
}
