import DubboCore
import DubboTriple
import TestDoubles
import Testing

/// A client that asks and does not read: what its answers hold at the server has a bound, and later they all come.
@Suite struct UnreadAnswersTests {
  static let count = 100

  @Test(.timeLimit(.minutes(1))) func `calls are begun no further than their unread answers allow`() async throws {
    let begun = Counter()
    let server = try TripleProtocol(loops: 1, log: .silent)
    let url = try await server.export(
      BigAnswers(begun: begun), methods: EchoService.methods,
      at: DubboURL(scheme: "tri", host: "127.0.0.1", port: 0, path: EchoService.name)
    ).url
    // No window at first: an answer of a mebibyte stays where it is.
    let client = try await RawClient(
      to: url.port ?? 0,
      greeting: Frames.preface + Frames.settings((4, 0)) + Frames.window(0, 1 << 30))
    for index in 0..<Self.count { client.send(Self.request(2 * UInt32(index) + 1)) }
    // The answer to this ping comes behind everything that the requests have caused.
    client.send(Frames.ping([9, 9, 9, 9, 9, 9, 9, 9]))
    var frames = client.frames.makeAsyncIterator()
    while let frame = await frames.next(), frame.payload != [9, 9, 9, 9, 9, 9, 9, 9] {}
    #expect(begun.value == 4)
    client.send(Frames.settings((4, 1 << 21)))
    var ended = 0
    while ended < Self.count, let frame = await frames.next() {
      if frame.endsStream { ended += 1 }
    }
    #expect(ended == Self.count)
    #expect(begun.value == Self.count)
    await client.stop()
    await server.shutDown(grace: .zero)
  }

  static func request(_ stream: UInt32) -> [UInt8] {
    Frames.call(stream, "/\(EchoService.name)/unary") + Frames.data(stream, Frames.message([1]), end: true)
  }

  struct BigAnswers: Invoker {
    let begun: Counter

    func invoke(_ invocation: Invocation) async throws -> Reply {
      begun.increase()
      return Reply(message: [UInt8](repeating: 7, count: 1 << 20))
    }
  }
}
