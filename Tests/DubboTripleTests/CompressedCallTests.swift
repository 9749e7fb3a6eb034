import DubboCore
import Synchronization
import TestDoubles
import Testing

@testable import DubboTriple

@Suite struct CompressedCallTests {
  /// What shrinks to a hundredth, several messages of it more than any window.
  private static let large = [UInt8](repeating: 7, count: 600_000)

  /// A server and its caller, each with what `compressor` of its URL says.
  private func with(
    provider: String?, consumer: String?, server: TripleSettings = TripleSettings(),
    client: TripleSettings = TripleSettings(),
    _ body: @Sendable (any Endpoint) async throws -> Void
  ) async throws {
    func parameters(_ name: String?) -> URLParameters { name.map { ["compressor": $0] } ?? [:] }
    try await Pair.with(server: server, client: client, provided: parameters(provider), called: parameters(consumer)) {
      try await body($0.endpoint)
    }
  }

  @Test(
    arguments: [
      ("gzip", "gzip"), ("deflate", "gzip"), (nil, "gzip"), ("gzip", "identity"), ("gzip", nil),
      ("identity", "deflate"),
    ]
      as [(String?, String?)], [TripleSettings.Dispatcher.direct, .all])
  func `all four kinds of call bring their messages over, large and small, whoever compresses`(
    compressors: (provider: String?, consumer: String?), dispatcher: TripleSettings.Dispatcher
  ) async throws {
    var server = TripleSettings()
    server.dispatcher = dispatcher
    try await with(provider: compressors.provider, consumer: compressors.consumer, server: server) { endpoint in
      for message in [[], [1], Self.large] {
        let reply = try await endpoint.invoke(
          Invocation(method: EchoService.unary, body: .message(message), metadata: ["x-echo": "e"]))
        #expect(reply.message == message)
        #expect(reply.headers["x-head"] == "e")
        let whole: Exchange = { requests, replies in
          try await requests.write(message)
          try await requests.finish()
          while let reply = try await replies.next() { #expect(reply == message) }
        }
        for method in [EchoService.clientStream, EchoService.serverStream] {
          _ = try await endpoint.invoke(Invocation(method: method, body: .exchange(whole)))
        }
      }
      let exchange: Exchange = { requests, replies in
        for number in 0..<20 {
          let message = number % 3 == 0 ? Self.large : [UInt8(number)]
          try await requests.write(message)
          #expect(try await replies.next() == message)
        }
        try await requests.finish()
        #expect(try await replies.next() == nil)
      }
      _ = try await endpoint.bidirectional(exchange)
    }
  }

  @Test func `credit keeps its account: many compressed messages pass a slow reader`() async throws {
    try await with(provider: "gzip", consumer: "gzip") { endpoint in try await endpoint.readStream(of: 20_000) }
  }

  // MARK: What a peer may do wrong

  /// Says that it compresses, and sends what it was made with.
  private struct Lying: Compression {
    let bytes: [UInt8]
    func compress(_ message: [UInt8]) throws -> [UInt8] { bytes }
    func decompress(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
      throw .malformed("never asked")
    }
  }

  private func sending(_ bytes: [UInt8], as name: String = "gzip") -> TripleSettings {
    var settings = TripleSettings()
    settings.compressions = [name: Lying(bytes: bytes)]
    return settings
  }

  private func failures(sending bytes: [UInt8], as name: String = "gzip") async throws -> [DubboError?] {
    let found = Mutex<[DubboError?]>([])
    try await with(provider: nil, consumer: name, client: sending(bytes, as: name)) { endpoint in
      let large = [UInt8](repeating: 0, count: bytes.count + 1)
      let unary = await failure { _ = try await endpoint.unary(large) }
      let stream = await failure {
        _ = try await endpoint.bidirectional { requests, replies in
          try await requests.write(large)
          _ = try await replies.next()
        }
      }
      found.withLock { $0 = [unary, stream] }
    }
    return found.withLock { $0 }
  }

  @Test func `a request that becomes larger than the limit is refused with RESOURCE_EXHAUSTED`() async throws {
    let bomb = try ZlibCompression(.gzip).compress(
      [UInt8](repeating: 0, count: TripleSettings().server.maxMessageSize + 1))
    for error in try await failures(sending: bomb) {
      #expect(error?.code == .resourceExhausted)
      #expect(error?.message.contains("compressed") == true)
    }
  }

  @Test func `a request that is not what its encoding says is refused with INTERNAL`() async throws {
    for error in try await failures(sending: Array("nonsense".utf8)) {
      #expect(error?.code == .internal)
      #expect(error?.message.contains("not gzip") == true)
    }
  }

  @Test func `an encoding that is not known is refused with UNIMPLEMENTED and a list of those that are`() async throws {
    for error in try await failures(sending: [1], as: "snappy") {
      #expect(error?.code == .unimplemented)
      #expect(error?.message.contains("deflate,gzip") == true)
    }
  }

  @Test func `an empty message behind a unary request means nothing, compressed or not`() async throws {
    try await Pair.with { pair in
      let small = try ZlibCompression(.gzip).compress([UInt8](repeating: 3, count: 100))
      let bodies = [
        Frames.message([5]) + Frames.message([]), Self.framed(small, flag: 1) + Self.framed([], flag: 0),
      ]
      let client = try await RawClient(to: pair.url.port ?? 0)
      for (index, body) in bodies.enumerated() {
        let stream = UInt32(index * 2 + 1)
        let encoding = index == 0 ? [] : Frames.field("grpc-encoding", "gzip")
        client.send(
          Frames.call(stream, "/\(EchoService.name)/unary", encoding) + Frames.data(stream, body, end: true))
        var data = 0
        for await frame in client.frames where frame.stream == stream {
          if frame.kind == 0 { data += 1 }
          if frame.endsStream { break }
        }
        // What is refused has trailers alone.
        #expect(data == 1)
      }
      await client.stop()
    }
  }

  @Test func `a service whose compressor there is not is not exported, and the known ones are listed`() async throws {
    let error = await failure { try await with(provider: "zip", consumer: nil) { _ in } }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains("known: deflate, gzip") == true)
  }

  @Test func `a provider's compressor that is not known here compresses no request`() async throws {
    try await with(provider: nil, consumer: "snappy") { endpoint in
      let reply = try await endpoint.unary(Self.large)
      #expect(reply.message == Self.large)
    }
  }

  // MARK: On the wire

  /// Each reply as these bytes of gRPC's framing, with `encoding` in the headers.
  private func outcome(
    encoding: String?, _ bytes: [UInt8], compressor: String?, kind: MethodDescriptor = EchoService.unary
  ) async throws -> Result<[UInt8], DubboError> {
    let script = RawProvider.onRequest { connection, stream in
      let fields = encoding.map { Frames.field("grpc-encoding", $0) } ?? []
      connection.send(
        Frames.headers(stream, [0x88] + Frames.field("content-type", "application/grpc") + fields)
          + Frames.data(stream, bytes) + Frames.status(stream))
    }
    let found = Mutex<Result<[UInt8], DubboError>?>(nil)
    try await RawProvider.with(compressor: compressor, script) { endpoint in
      let message = Mutex<[UInt8]>([])
      let error = await failure {
        if kind.kind == .unary {
          let reply = try await endpoint.unary()
          message.withLock { $0 = reply.message }
        } else {
          _ = try await endpoint.invoke(
            Invocation(
              method: kind,
              body: .exchange { requests, replies in
                try await requests.write([1])
                try await requests.finish()
                let reply = try await replies.next() ?? []
                message.withLock { $0 = reply }
              }))
        }
      }
      found.withLock { $0 = error.map { .failure($0) } ?? .success(message.withLock { $0 }) }
    }
    return try #require(found.withLock { $0 })
  }

  private static func framed(_ bytes: [UInt8], flag: UInt8) -> [UInt8] {
    [flag] + Frames.word(UInt32(bytes.count)) + bytes
  }

  @Test(arguments: [EchoService.unary, EchoService.serverStream])
  func `a reply is expanded where its headers say how, and only where its flag says that it is compressed`(
    kind: MethodDescriptor
  ) async throws {
    let text = Array("a text, a text, a text, a text".utf8)
    let small = try ZlibCompression(.gzip).compress(text)
    let compressed = try await outcome(
      encoding: "gzip", Self.framed(small, flag: 1), compressor: "identity", kind: kind)
    #expect(try compressed.get() == text)
    let plain = try await outcome(encoding: "gzip", Self.framed(text, flag: 0), compressor: "gzip", kind: kind)
    #expect(try plain.get() == text)
    for (encoding, compressor) in [(nil, "gzip"), ("snappy", "gzip"), ("gzip", nil)] as [(String?, String?)] {
      let refused = try await outcome(
        encoding: encoding, Self.framed(small, flag: 1), compressor: compressor, kind: kind)
      guard case .failure(let error) = refused else {
        Issue.record("\(encoding ?? "-") was taken by \(compressor ?? "-")")
        continue
      }
      #expect(error.code == .internal)
      #expect(error.progress == .answered)
    }
  }

  @Test func `a request is compressed on the wire, and one that would not become smaller is not`() async throws {
    let sizes = Mutex<[Int]>([])
    let flags = Mutex<[UInt8]>([])
    let script: RawConnection.Script = { connection, event in
      guard case .frame(let frame) = event, frame.kind == 0, let flag = frame.payload.first else { return }
      sizes.withLock { $0.append(frame.payload.count) }
      flags.withLock { $0.append(flag) }
      connection.send(Frames.reply(frame.stream, [9]))
    }
    try await RawProvider.with(compressor: "gzip", script) { endpoint in
      for message in [[UInt8](repeating: 3, count: 10_000), [1, 2, 3]] {
        let reply = try await endpoint.unary(message)
        #expect(reply.message == [9])
      }
    }
    #expect(flags.withLock { $0 } == [1, 0])
    #expect(sizes.withLock { $0.first ?? .max } < 200)
    #expect(sizes.withLock { $0.last } == 8)
  }
}
