import DubboProtobuf
import Testing

struct RefusalTests {
  static let cases: [(String, WireError)] = [
    ("00", .invalidTag), ("00 00", .invalidTag), ("01 00 00 00 00 00 00 00 00", .invalidTag), ("02 00", .invalidTag),
    ("03 04", .invalidTag), ("05 00 00 00 00", .invalidTag), ("80 80 80 80 10 00", .invalidTag),
    ("0e", .invalidWireType), ("0f", .invalidWireType), ("a6 06", .invalidWireType),
    ("0c", .unmatchedEndGroup), ("a3 06 ac 06", .unmatchedEndGroup), ("a3 06 08 01 04", .unmatchedEndGroup),
    ("a3 06 08 01", .truncated), ("08", .truncated), ("80", .truncated), ("08 80", .truncated),
    ("3d 01 02 03", .truncated), ("41 01 02 03 04 05 06 07", .truncated),
    ("08 80 80 80 80 80 80 80 80 80 80 01", .malformedVarint),
    ("f8 ff ff ff ff ff ff ff ff ff ff 01", .malformedVarint),
    ("a2 06 05 61", .truncated), ("a2 06 ff ff ff ff 0f", .tooLarge),
    ("a2 06 ff ff ff ff ff ff ff ff ff 01", .tooLarge),
    ("a5 06 00 00 00", .truncated), ("a1 06 00", .truncated), ("a0 06 ff", .truncated),
  ]

  @Test(arguments: cases)
  func `bytes that no message may hold are refused with their reason`(bytes: String, reason: WireError) throws {
    let error = #expect(throws: BinaryDecodingError.self) { try Numbers(serializedBytes: hex(bytes)) }
    #expect(error?.reason == reason)
    #expect(error?.messageName == "dubbo.test.Numbers")
    #expect((error?.offset ?? -1) <= hex(bytes).count)
  }

  static let lists: [(String, WireError)] = [
    ("1a 03 01 02 03", .truncated), ("22 09 00 00 00 00 00 00 00 00 00", .truncated), ("0a 01 80", .truncated),
    ("0a 02 01", .truncated), ("3a 02 61", .truncated), ("3a 01 ff", .invalidUTF8), ("3a 02 c0 80", .invalidUTF8),
    ("3a 03 ed a0 80", .invalidUTF8), ("4a 02 08 80", .truncated), ("4a 01 08", .truncated),
    ("4a 05 08 01", .truncated),
    ("0a 0b 80 80 80 80 80 80 80 80 80 80 01", .malformedVarint),
  ]

  @Test(arguments: lists)
  func `broken elements of repeated fields are refused`(bytes: String, reason: WireError) throws {
    let error = #expect(throws: BinaryDecodingError.self) { try Lists(serializedBytes: hex(bytes)) }
    #expect(error?.reason == reason)
  }

  @Test
  func `a hundred levels of nesting pass and one more is refused`() throws {
    func nested(_ levels: Int) -> [UInt8] {
      var bytes: [UInt8] = []
      for _ in 0..<levels {
        var length: [UInt8] = []
        var rest = bytes.count
        while rest >= 0x80 {
          length.append(UInt8(rest & 0x7f) | 0x80)
          rest >>= 7
        }
        bytes = [0x12] + length + [UInt8(rest)] + bytes
      }
      return bytes
    }
    let deepest = try Tree(serializedBytes: nested(100))
    #expect(try deepest.serializedBytes() == nested(100))
    let error = #expect(throws: BinaryDecodingError.self) { try Tree(serializedBytes: nested(101)) }
    #expect(error?.reason == .tooDeep)
  }

  @Test
  func `a hundred levels of unknown groups pass and one more is refused`() throws {
    func groups(_ levels: Int) -> [UInt8] {
      [UInt8](repeating: 0x53, count: levels) + [UInt8](repeating: 0x54, count: levels)
    }
    #expect(try Point(serializedBytes: groups(100)).unknownFields.data == groups(100))
    let error = #expect(throws: BinaryDecodingError.self) { try Point(serializedBytes: groups(101)) }
    #expect(error?.reason == .tooDeep)
  }

  @Test
  func `a length without bytes behind it allocates nothing for them`() throws {
    for field in ["0a", "1a", "22", "3a", "42", "4a", "82 7d"] {
      #expect(throws: BinaryDecodingError.self) { try Lists(serializedBytes: hex(field + " ff ff ff ff 07 00")) }
    }
  }

  @Test
  func `an error reads as a sentence with the place`() {
    let error = BinaryDecodingError(messageName: "a.B", reason: .truncated, offset: 7)
    #expect(error.description == "cannot decode a.B: the input ends inside a field, at byte 7")
  }
}
