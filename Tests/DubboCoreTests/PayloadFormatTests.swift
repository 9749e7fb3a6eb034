import DubboCore
import Testing

@Suite struct PayloadFormatTests {
  @Test(arguments: ["json", "x-plist", "vnd.msgpack", "a", "0_1", String(repeating: "a", count: 64)])
  func `a subtype is a short word in lower case`(text: String) {
    let format = PayloadFormat(text)
    #expect(format?.subtype == text)
    #expect(format?.description == text)
  }

  @Test(arguments: [
    "", "Json", "a b", "a+b", "a;b", "a/b", "é", "a\n", "\0", String(repeating: "a", count: 65),
  ])
  func `what is no subtype names no format`(text: String) {
    #expect(PayloadFormat(text) == nil)
  }

  @Test func `protobuf has two spellings and is one format`() {
    #expect(PayloadFormat("protobuf") == .protobuf)
    #expect(PayloadFormat("proto") == .protobuf)
    #expect(PayloadFormat.protobuf.subtype == "proto")
    #expect(PayloadFormat.protobuf.description == "protobuf")
    #expect(PayloadFormat("json") == .json)
    #expect(PayloadFormat.json != .protobuf)
  }

  @Test(arguments: [
    ("", PayloadFormat.protobuf), ("?serialization=", .protobuf), ("?serialization=protobuf", .protobuf),
    ("?serialization=json", .json), ("?serialization=JSON", .protobuf),
  ])
  func `a URL says the format of a service's messages`(query: String, format: PayloadFormat) throws {
    #expect(try DubboURL("tri://h:1/p\(query)").payloadFormat == format)
    #expect(try DubboURL("tri://h:1/p?serialization=plist").payloadFormat.subtype == "plist")
  }
}
