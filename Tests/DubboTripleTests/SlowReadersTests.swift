import DubboCore
import DubboTriple
import Synchronization
import TestDoubles
import Testing

/// Case 51: a thousand readers that want a hundred megabytes each and do not read.
@Suite struct SlowReadersTests {
  private static let readers = 1_000
  private static let message = 64 * 1_024
  private static let barrier: [UInt8] = [9, 9, 9, 9, 9, 9, 9, 9]

  @Test(.timeLimit(.minutes(2))) func `case 51: what readers do not take is never made`() async throws {
    let made = Made()
    let server = try TripleProtocol(loops: 1, log: .silent)
    let url = try await server.export(
      made, methods: EchoService.methods,
      at: DubboURL(scheme: "tri", host: "127.0.0.1", port: 0, path: EchoService.name)
    ).url
    let client = try await RawClient(
      to: url.port ?? 0, greeting: Frames.preface + Frames.settings((4, 0)) + Frames.window(0, 1 << 30))
    for index in 0..<Self.readers {
      let stream = 2 * UInt32(index) + 1
      client.send(
        Frames.call(stream, "/\(EchoService.name)/serverStream") + Frames.data(stream, Frames.message([1]), end: true))
    }
    var frames = client.frames.makeAsyncIterator()
    // Twice: what the first waves of methods write may itself let others begin.
    for _ in 0..<2 {
      client.send(Frames.ping(Self.barrier))
      while let frame = await frames.next(), frame.payload != Self.barrier {}
    }
    let bound = ServerLimits().http2.maxQueuedBytes + ServerLimits().http2.highWaterMark + Self.message
    let held = await server.metrics()
    #expect(held.openStreams == Self.readers)
    #expect(held.queuedBytes > 0)
    #expect(held.queuedBytes <= bound)
    #expect(made.bytes <= bound + made.methods * Self.message, "each method waits with one message in its hand")
    #expect(made.methods < 100, "the others have not begun")
    await client.stop()
    while made.methods != made.ended { await Task.yield() }
    #expect(made.finished == 0)
    await server.shutDown(grace: .zero)
  }

  /// Writes a hundred megabytes to whoever asks.
  private final class Made: Invoker {
    private struct Counts {
      var methods = 0
      var bytes = 0
      var ended = 0
      var finished = 0
    }

    private let counts = Mutex(Counts())
    var methods: Int { counts.withLock { $0.methods } }
    var bytes: Int { counts.withLock { $0.bytes } }
    var ended: Int { counts.withLock { $0.ended } }
    var finished: Int { counts.withLock { $0.finished } }

    func invoke(_ invocation: Invocation) async throws -> Reply {
      guard case .inbound(let streams) = invocation.body else { throw DubboError(.internal, "no stream") }
      counts.withLock { $0.methods += 1 }
      defer { counts.withLock { $0.ended += 1 } }
      let message = [UInt8](repeating: 7, count: SlowReadersTests.message)
      for _ in 0..<1_600 {
        counts.withLock { $0.bytes += message.count }
        try await streams.replies.write(message)
      }
      counts.withLock { $0.finished += 1 }
      return Reply()
    }
  }
}
