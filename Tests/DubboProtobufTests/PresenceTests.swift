import DubboProtobuf
import Testing

struct PresenceTests {
  @Test
  func `an optional field knows whether it is set, and is written even with its default`() throws {
    var message = Optionals()
    #expect(!message.hasInt32 && message.int32 == 0)
    message.int32 = 0
    message.string = ""
    message.point = Point()
    #expect(message.hasInt32 && message.hasString && message.hasPoint)
    #expect(hex(try message.serializedBytes()) == "08 00 22 00 3a 00")
    message.clearInt32()
    message.clearPoint()
    #expect(hex(try message.serializedBytes()) == "22 00")
    #expect(try Optionals(serializedBytes: hex("08 00 22 00 3a 00")).hasPoint)
  }

  @Test
  func `a nested message is changed in place and merged when it comes twice`() throws {
    var message = Optionals()
    message.point.x = 3
    #expect(message.hasPoint && message.point.x == 3)
    let merged = try Optionals(serializedBytes: hex("3a 02 08 05 3a 02 10 06"))
    #expect(
      merged.point
        == .with {
          $0.x = 5; $0.y = 6
        })
  }

  @Test
  func `the last member of a oneof wins, and the same message twice is merged`() throws {
    #expect(try Choice(serializedBytes: hex("08 05 12 01 61")).value == .text("a"))
    #expect(try Choice(serializedBytes: hex("12 01 61 08 05")).value == .number(5))
    let merged = try Choice(serializedBytes: hex("1a 02 08 05 1a 02 10 06"))
    #expect(
      merged.value
        == .point(
          .with {
            $0.x = 5; $0.y = 6
          }))
    let replaced = try Choice(serializedBytes: hex("1a 02 08 05 08 01 1a 02 10 06"))
    #expect(replaced.value == .point(.with { $0.y = 6 }))
  }

  @Test
  func `a oneof's member is written with its default and among the other fields in their order`() throws {
    var message = Choice.with {
      $0.flag = false; $0.after = "z"
    }
    #expect(hex(try message.serializedBytes()) == "20 00 2a 01 7a")
    message.tree.label = "t"
    #expect(message.flag == false && message.value == .tree(.with { $0.label = "t" }))
    #expect(hex(try message.serializedBytes()) == "2a 01 7a 32 03 0a 01 74")
    message.tree.left.label = "l"
    #expect(message.tree.label == "t" && message.tree.left.label == "l")
  }

  @Test
  func `unknown fields are kept as they came and written behind the known ones`() throws {
    let unknown = "a0 06 96 01 a1 06 01 02 03 04 05 06 07 08 a2 06 01 61 a3 06 08 01 a4 06 a5 06 01 02 03 04"
    let message = try Point(serializedBytes: hex(unknown + " 08 05"))
    #expect(message.x == 5)
    #expect(hex(try message.serializedBytes()) == "08 05 " + unknown)
    #expect(hex(try Point(serializedBytes: hex("90 80 00 05")).serializedBytes()) == "10 05")
    #expect(hex(try Point(serializedBytes: hex("a0 86 00 05")).serializedBytes()) == "a0 06 05")
  }

  @Test
  func `a known number with an unexpected wire type is an unknown field`() throws {
    let message = try Point(serializedBytes: hex("0d 01 00 00 00 10 02"))
    #expect(message.x == 0 && message.y == 2)
    #expect(hex(message.unknownFields.data) == "0d 01 00 00 00")
  }
}
