import DubboCore
import Testing

@Suite struct MetadataTests {
  @Test func `names are compared without case and values keep their order`() {
    var metadata: Metadata = ["X-Request-ID": "1"]
    metadata.add("2", for: "x-request-id")
    metadata.add("other", for: "x-other")
    #expect(metadata["x-REQUEST-id"] == "1")
    #expect(metadata.values(for: "X-Request-Id") == ["1", "2"])
    #expect(metadata.count == 3)
    #expect(metadata.map(\.name) == ["x-request-id", "x-request-id", "x-other"])
  }

  @Test func `assigning replaces all values of a name and nil removes them`() {
    var metadata: Metadata = ["a": "1", "b": "2", "A": "3"]
    metadata["a"] = "4"
    #expect(metadata.map { "\($0.name)=\($0.value)" } == ["b=2", "a=4"])
    metadata["b"] = nil
    #expect(metadata["b"] == nil)
    #expect(metadata.count == 1)
  }

  @Test func `bytes travel as base64 without padding and are read with or without it`() {
    var metadata = Metadata()
    metadata.add(bytes: [0, 255, 16], for: "trace-bin")
    metadata.add(bytes: [1], for: "trace")
    #expect(metadata.values(for: "trace-bin") == ["AP8Q", "AQ"])
    #expect(metadata.binaryValues(for: "trace-bin") == [[0, 255, 16], [1]])
    metadata["trace-bin"] = "AQ==,AP8Q"
    #expect(metadata.binaryValues(for: "trace-bin") == [[1], [0, 255, 16]])
  }

  @Test(arguments: ["A", "AB=", "A===", "AB==C", "A*BC", "====", "AAAAA"])
  func `what is not base64 is refused`(text: String) {
    #expect(Base64.decode(text.utf8) == nil)
  }

  @Test func `base64 goes there and back for every length`() {
    var generator = SystemRandomNumberGenerator()
    for length in 0..<67 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }
  }

  @Test func `a block that lies about its lengths ends the iteration instead of trapping`() {
    #expect(Metadata(block: [0, 1, 0, 0, 0]).isEmpty == false)
    #expect(Metadata(block: [0, 1, 0, 0, 0]).count == 0)
    #expect(Metadata(block: [0, 1, 255, 255, 255, 255, 97]).count == 0)
    #expect(Metadata(block: [0, 1, 0, 0, 0, 1, 97, 98, 0]).map(\.value) == ["b"])
  }

  @Test func `a value is found by its bytes`() throws {
    let metadata: Metadata = ["te": "trailers", "grpc-timeout": "100m"]
    let range = try #require(metadata.firstValue(of: "grpc-timeout"))
    #expect(String(decoding: metadata.block[range], as: UTF8.self) == "100m")
    #expect(metadata.firstValue(of: "grpc-timeou") == nil)
  }
}
