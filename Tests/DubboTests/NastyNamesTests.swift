import Dubbo
import GeneratedSamples
import Testing

/// What the generator makes of names that are words of Swift, of the runtime, or of each other. That it compiles without a
/// warning is most of the test.
struct NastyNamesTests {
  private func roundTrip<M: Message>(_ message: M) throws {
    let binary = try M(serializedBytes: try message.serializedBytes(partial: true), partial: true)
    #expect(binary == message)
    let types = M.protoFile.definitions
    #expect(types.message(named: M.protoMessageName) != nil)
    #expect(!message.debugDescription.contains("cannot be shown"))
  }

  @Test
  func `messages named after Swift's types and words hold what they are given`() throws {
    let words = classMessage.with {
      $0.self_p = 1
      $0.default = 2
      $0._2D = 3
      $0.debugDescription_p = 4
    }
    try roundTrip(words)
    #expect(try words.jsonString().contains(#""self":1"#))
    try roundTrip(
      structMessage.with {
        $0.init_p = "x"
        $0.let = words
        $0.where = ["k": words]
        $0.in = [.self_, .case, .protoFile_, .UNRECOGNIZED(77)]
      })
    try roundTrip(StringMessage.with { $0.string = "s" })
    try roundTrip(OptionalMessage.with { $0.optional = OptionalMessage() })
  }

  @Test
  func `types of one name at several levels are told apart`() throws {
    try roundTrip(Outer.with { $0.outer.inner.level = .zero })
    try roundTrip(Ping.with { $0.pong.ping = .with { $0.other = Pong() } })
  }

  @Test
  func `proto2's own defaults and names survive`() throws {
    let marked = Marked()
    #expect(marked.text == "\"\\\n\tä?" && marked.raw == [0, 1, 255, 34, 92])
    #expect(marked.low == .min && marked.high == .max && marked.none.isNaN && marked.kind == .first)
    try roundTrip(Marked.with { $0.choice = .one(.two) })
    try roundTrip(
      Spellings.with {
        $0.traceID = 1
        $0.traceID_2 = 2
      })
  }

  @Test
  func `custom options are extensions of Google's messages`() throws {
    let file = Marked.protoFile
    let proto = try Google_Protobuf_FileDescriptorProto(serializedBytes: file.serializedDescriptor)
    let marker = try proto.options.getExtensionValue(ext: Extensions_fileMarker)
    #expect(marker.text == "of the file" && marker.numbers == [1, 2])
    let name = try #require(proto.messageType.first { $0.name == "Marked" }?.field.first)
    let markers = try name.options.getExtensionValue(ext: Extensions_fieldMarkers)
    #expect(markers == ["a", "b"])
  }

  @Test
  func `a file of services alone has its definitions, and a service leads to them`() throws {
    struct Provider: Empty.Service {}
    let file = try #require(Provider.protoFile)
    let service = try #require(file.definitions.service(named: "nasty.services.Client"))
    #expect(service.methods.count == 9 && file.definitions.message(named: "nasty.words.class") != nil)
  }
}
