import DubboProtobuf
import Testing

/// Fields that a .proto adds to a message of another one.
struct ExtensionTests {
  private var registry: TypeRegistry {
    var types = TypeRegistry()
    types.register(Extensions_child)
    types.register(Extensions_labels)
    types.register(Extensions_weight)
    types.register(Extensions_packedNumbers)
    types.register(Extensions_extendedLevel)
    types.register(Scope.Extensions.inside)
    return types
  }

  private var filled: Extendable {
    var message = Extendable.with { $0.name = "n" }
    message.setExtensionValue(ext: Extensions_weight, value: -5)
    message.setExtensionValue(ext: Extensions_labels, value: ["a", ""])
    message.setExtensionValue(ext: Extensions_packedNumbers, value: [-1, 300])
    message.setExtensionValue(ext: Extensions_extendedLevel, value: .high)
    message.setExtensionValue(ext: Extensions_child, value: .with { $0.name = "c" })
    message.setExtensionValue(ext: Scope.Extensions.inside, value: true)
    return message
  }

  @Test
  func `an extension that is not set reads as its default`() throws {
    let message = Extendable()
    let (weight, labels) = (
      try message.getExtensionValue(ext: Extensions_weight), try message.getExtensionValue(ext: Extensions_labels)
    )
    #expect(weight == 3 && labels == [])
    #expect(!message.hasExtensionValue(ext: Extensions_weight))
  }

  @Test
  func `what is set is read back, is written with the message, and is gone when it is cleared`() throws {
    var message = try Extendable(serializedBytes: try filled.serializedBytes())
    let (weight, labels) = (
      try message.getExtensionValue(ext: Extensions_weight), try message.getExtensionValue(ext: Extensions_labels)
    )
    let (numbers, child) = (
      try message.getExtensionValue(ext: Extensions_packedNumbers), try message.getExtensionValue(ext: Extensions_child)
    )
    #expect(weight == -5 && labels == ["a", ""] && numbers == [-1, 300] && child.name == "c")
    message.clearExtensionValue(ext: Extensions_weight)
    #expect(!message.hasExtensionValue(ext: Extensions_weight) && message.hasExtensionValue(ext: Extensions_labels))
    for _ in 0..<2 { message.setExtensionValue(ext: Extensions_labels, value: ["z"]) }
    let again = try message.getExtensionValue(ext: Extensions_labels)
    #expect(again == ["z"])
  }

  @Test
  func `the last value wins, messages are merged, lists come packed or not`() throws {
    // weight 1, weight 2; child {name: "a"}, child with an unknown field 9; loose_numbers 1, then [2, 3] packed.
    let message = try Extendable(
      serializedBytes: [0xa0, 6, 1, 0xa0, 6, 2, 0xca, 6, 3, 10, 1, 97, 0xca, 6, 2, 72, 1]
        + [0xb8, 6, 1, 0xba, 6, 2, 2, 3])
    let (weight, child) = (
      try message.getExtensionValue(ext: Extensions_weight), try message.getExtensionValue(ext: Extensions_child)
    )
    let numbers = try message.getExtensionValue(ext: Extensions_looseNumbers)
    #expect(weight == 2 && child.name == "a" && child.unknownFields.data == [72, 1] && numbers == [1, 2, 3])
  }

  @Test
  func `bytes that are no value of the extension are an error when it is read, not before`() throws {
    let message = try Extendable(serializedBytes: [0xca, 6, 1, 10])
    #expect(throws: BinaryDecodingError.self) { try message.getExtensionValue(ext: Extensions_child) }
    let other = try Extendable(serializedBytes: [0xa5, 6, 1, 0, 0, 0, 0xc0, 6, 9])
    #expect(!other.hasExtensionValue(ext: Extensions_weight), "another wire type")
    #expect(!other.hasExtensionValue(ext: Extensions_extendedLevel), "a number that a closed enum does not have")
  }

  @Test
  func `JSON names extensions that the registry knows`() throws {
    let text = try filled.jsonString(options: JSONEncodingOptions(types: registry))
    #expect(
      text == """
        {"name":"n","[dubbo.test.weight]":-5,"[dubbo.test.labels]":["a",""],"[dubbo.test.packed_numbers]":[-1,300],\
        "[dubbo.test.extended_level]":"HIGH","[dubbo.test.child]":{"name":"c"},"[dubbo.test.Scope.inside]":true}
        """)
    let back = try Extendable(jsonString: text, options: JSONDecodingOptions(types: registry))
    #expect(back == filled)
    #expect(try filled.jsonString() == #"{"name":"n"}"#)
  }

  @Test(arguments: [
    (#"{"[dubbo.test.weigh]":1}"#, "no extension '[dubbo.test.weigh]'"),
    (#"{"[dubbo.test.weight]":1,"[dubbo.test.weight]":1}"#, "comes twice"),
    (#"{"[dubbo.test.weight]":null,"[dubbo.test.weight]":null}"#, "comes twice"),
    (#"{"[dubbo.test.weight]":"x"}"#, "expected a number"),
    (#"{"[dubbo.test.weight]" 1}"#, "':'"),
  ])
  func `a wrong extension in JSON is refused`(text: String, problem: String) {
    let error = #expect(throws: JSONDecodingError.self) {
      try Extendable(jsonString: text, options: JSONDecodingOptions(types: registry))
    }
    #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
  }

  @Test
  func `an unknown extension in JSON is skipped when unknown fields are, and null leaves one unset`() throws {
    var options = JSONDecodingOptions(types: registry)
    options.ignoreUnknownFields = true
    let text = #"{"[a.b]":{"x":[1]},"name":"n","[dubbo.test.weight]":null}"#
    let message = try Extendable(jsonString: text, options: options)
    #expect(message == Extendable.with { $0.name = "n" })
  }

  @Test
  func `a definition is enough to read, show and write extensions`() throws {
    let types = Extendable.protoFile.definitions
    let bytes = try filled.serializedBytes()
    let message = try DynamicMessage(named: "dubbo.test.Extendable", types: types, serializedBytes: bytes)
    #expect(message["[dubbo.test.weight]"] == .int32(-5) && message.unknownFields.isEmpty)
    #expect(message.serializedBytes() == bytes)
    let text = try message.jsonString()
    let back = try DynamicMessage(named: "dubbo.test.Extendable", types: types, jsonString: text)
    #expect(back == message)
  }
}
