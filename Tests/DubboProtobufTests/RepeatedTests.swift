import DubboProtobuf
import Testing

struct RepeatedTests {
  static let cases: [(String, Lists)] = [
    ("0a 03 01 96 01", .with { $0.int32 = [1, 150] }),
    ("12 02 01 02", .with { $0.sint64 = [-1, 1] }),
    ("1a 08 01 00 00 00 02 00 00 00", .with { $0.fixed32 = [1, 2] }),
    ("22 08 00 00 00 00 00 00 f0 3f", .with { $0.double = [1] }),
    ("2a 03 01 00 01", .with { $0.bool = [true, false, true] }),
    ("32 02 02 09", .with { $0.color = [.green, .UNRECOGNIZED(9)] }),
    ("3a 01 61 3a 00 3a 01 62", .with { $0.string = ["a", "", "b"] }),
    ("42 01 ff 42 00", .with { $0.bytes = [[255], []] }),
    ("4a 02 08 01 4a 00", .with { $0.point = [.with { $0.x = 1 }, Point()] }),
    ("50 01 50 02", .with { $0.unpacked = [1, 2] }),
    ("82 7d 04 00 00 80 3f", .with { $0.far = [1] }),
  ]

  @Test(arguments: cases)
  func `a list has exactly these bytes, both ways`(bytes: String, message: Lists) throws {
    #expect(hex(try message.serializedBytes()) == bytes)
    #expect(try Lists(serializedBytes: hex(bytes)) == message)
  }

  static let lenient: [(String, Lists)] = [
    ("08 01 08 02", .with { $0.int32 = [1, 2] }),
    ("08 01 0a 02 02 03 08 04", .with { $0.int32 = [1, 2, 3, 4] }),
    ("0a 00", Lists()),
    ("1d 01 00 00 00 1a 04 02 00 00 00", .with { $0.fixed32 = [1, 2] }),
    ("1a 04 02 00 00 00 1a 04 03 00 00 00 1d 04 00 00 00", .with { $0.fixed32 = [2, 3, 4] }),
    ("52 02 01 02", .with { $0.unpacked = [1, 2] }),
    (
      "3a 01 61 08 01 3a 01 62",
      .with {
        $0.int32 = [1]; $0.string = ["a", "b"]
      }
    ),
    ("85 fd 00 00 00 80 3f 85 7d 00 00 80 3f", .with { $0.far = [1, 1] }),
  ]

  @Test(arguments: lenient)
  func `packed, unpacked and mixed elements are all accepted`(bytes: String, message: Lists) throws {
    #expect(try Lists(serializedBytes: hex(bytes)) == message)
  }

  @Test
  func `a long packed list grows its length to more bytes`() throws {
    let message = Lists.with { $0.int32 = (0..<1_000).map { $0 * 1_000 } }
    let bytes = try message.serializedBytes()
    #expect(bytes.count > 2_900)
    #expect(try Lists(serializedBytes: bytes) == message)
  }

  @Test
  func `a map's entries are read in any form`() throws {
    #expect(try Maps(serializedBytes: hex("0a 05 0a 01 61 10 01")).counts == ["a": 1])
    #expect(try Maps(serializedBytes: hex("0a 05 10 01 0a 01 61")).counts == ["a": 1])
    #expect(try Maps(serializedBytes: hex("0a 00")).counts == ["": 0])
    #expect(try Maps(serializedBytes: hex("0a 03 0a 01 61")).counts == ["a": 0])
    #expect(try Maps(serializedBytes: hex("0a 02 10 05")).counts == ["": 5])
    #expect(try Maps(serializedBytes: hex("0a 07 0a 01 61 10 01 18 09")).unknownFields.isEmpty)
    #expect(try Maps(serializedBytes: hex("0a 05 0a 01 61 10 01 0a 05 0a 01 61 10 02")).counts == ["a": 2])
  }

  @Test
  func `the last entry of a key replaces, and a value given twice in one entry is merged`() throws {
    let replaced = try Maps(serializedBytes: hex("1a 06 08 01 12 02 08 05 1a 06 08 01 12 02 10 06"))
    #expect(replaced.points == [true: .with { $0.y = 6 }])
    let merged = try Maps(serializedBytes: hex("1a 0a 08 01 12 02 08 05 12 02 10 06"))
    #expect(
      merged.points == [
        true: .with {
          $0.x = 5; $0.y = 6
        }
      ])
  }

  @Test
  func `maps round-trip, and in deterministic order give one form`() throws {
    let message = Maps.with {
      $0.counts = ["b": 1, "a": 2, "c": 0]
      $0.names = [3: "c", -1: "m"]
      $0.points = [true: Point(), false: .with { $0.x = 1 }]
      $0.colors = ["x": .red, "y": .UNRECOGNIZED(7)]
      $0.blobs = [-5: [1, 2]]
    }
    #expect(try Maps(serializedBytes: try message.serializedBytes()) == message)
    var writer = WireWriter()
    writer.isDeterministic = true
    message.write(to: &writer)
    #expect(hex(writer.bytes).hasPrefix("0a 05 0a 01 61 10 02 0a 05 0a 01 62 10 01 0a 05 0a 01 63 10 00"))
  }
}
