import DubboProtobuf
import Testing

struct LegacyTests {
  @Test
  func `defaults are what the definition says`() {
    let message = Legacy()
    #expect(message.count == 7 && message.level == .high && !message.hasLevel)
    #expect(message.greeting == "hi \"you\"\n" && message.blob == [0, 255, 33] && message.huge == .infinity)
  }

  @Test
  func `a missing required field is refused on both sides unless partial messages are accepted`() throws {
    #expect(throws: BinaryEncodingError(messageName: "dubbo.test.Legacy", reason: .missingRequiredField)) {
      try Legacy().serializedBytes()
    }
    let error = #expect(throws: BinaryDecodingError.self) { try Legacy(serializedBytes: hex("10 01")) }
    #expect(error?.reason == .missingRequiredField)
    #expect(try Legacy(serializedBytes: hex("10 01"), partial: true).count == 1)
    #expect(try Legacy().serializedBytes(partial: true) == [])
    let inner = Legacy.with {
      $0.name = "a"; $0.part.inner = Legacy()
    }
    #expect(!inner.isInitialized)
  }

  @Test
  func `groups are fields between a start and an end`() throws {
    let message = Legacy.with {
      $0.name = "n"
      $0.part.size = 5
      $0.piece = [.with { $0.text = "a" }, Legacy.Piece()]
    }
    let bytes = "0a 01 6e 3b 08 05 3c 43 0a 01 61 44 43 44"
    #expect(hex(try message.serializedBytes()) == bytes)
    #expect(try Legacy(serializedBytes: hex(bytes)) == message)
    #expect(throws: BinaryDecodingError.self) { try Legacy(serializedBytes: hex("0a 01 6e 3b 08 05")) }
    #expect(throws: BinaryDecodingError.self) { try Legacy(serializedBytes: hex("0a 01 6e 3b 08 05 44")) }
  }

  @Test
  func `numbers that a closed enum lacks go to the unknown fields`() throws {
    let single = try Legacy(serializedBytes: hex("0a 01 6e 18 09"))
    #expect(!single.hasLevel && hex(single.unknownFields.data) == "18 09")
    let list = try Legacy(serializedBytes: hex("0a 01 6e 22 03 01 09 02 20 08"))
    #expect(list.levels == [.low, .high] && hex(list.unknownFields.data) == "20 09 20 08")
    let map = try Legacy(serializedBytes: hex("0a 01 6e 4a 05 0a 01 61 10 09 4a 05 0a 01 62 10 01"))
    #expect(map.byName == ["b": .good] && hex(map.unknownFields.data) == "4a 05 0a 01 61 10 09")
  }

  @Test
  func `lists are packed only where the definition says so`() throws {
    let message = Legacy.with {
      $0.name = "n"; $0.packed = [1, 2]; $0.loose = [3, 4]; $0.levels = [.low]
    }
    #expect(hex(try message.serializedBytes()) == "0a 01 6e 20 01 2a 02 01 02 30 03 30 04")
  }
}
