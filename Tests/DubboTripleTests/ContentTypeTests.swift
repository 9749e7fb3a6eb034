import DubboCore
import DubboHTTP
import Synchronization
import TestDoubles
import Testing

@testable import DubboTriple

/// The content types of requests and answers, in both directions as they are on the wire.
@Suite(.timeLimit(.minutes(1))) struct ContentTypeTests {
  @Test(arguments: [
    ("application/grpc", RequestFields.ContentType.grpc),
    ("application/grpc;charset=utf-8", .grpc),
    ("application/grpc+proto", .format(.protobuf)),
    ("application/grpc+protobuf", .format(.protobuf)),
    ("application/grpc+json", .format(.json)),
    ("application/grpc+json;charset=utf-8", .format(.json)),
    ("application/grpc+", .other),
    ("application/grpc+JSON", .other),
    ("application/grpc+a+b", .other),
    ("application/grpc+json ", .other),
    ("application/grpc+\u{0}", .other),
    ("application/grpc+" + String(repeating: "a", count: 65), .other),
    ("application/grpc-web+proto", .other),
    ("application/json", .other),
    ("", .other),
  ])
  func `a content type names a format or is no call's`(text: String, expected: RequestFields.ContentType) {
    #expect(read(text) == expected)
  }

  @Test(arguments: ["plist", "vnd.msgpack-1", String(repeating: "a", count: 64)])
  func `any name may stand behind the plus sign`(name: String) throws {
    let format = try #require(PayloadFormat(name))
    #expect(read("application/grpc+\(name)") == .format(format))
    #expect(read("application/grpc+\(name);x=y") == .format(format))
  }

  @Test func `a request without a content type says none`() {
    #expect(RequestFields().contentType == .missing)
  }

  @Test(arguments: [
    (nil, "application/grpc+proto"), ("protobuf", "application/grpc+proto"), ("json", "application/grpc+json"),
    ("plist", "application/grpc+plist"),
  ])
  func `a call's content type is on the wire`(name: String?, expected: String) async throws {
    let seen = Mutex<[UInt8]>(Frames.preface)
    let script: RawConnection.Script = { connection, event in
      if case .frame(let frame) = event { seen.withLock { $0 += bytes(of: frame) } }
      RawProvider.echo(connection, event)
    }
    try await RawProvider.with(script) { endpoint in
      var attributes = Attributes()
      attributes[PayloadFormatKey.self] = name.flatMap { PayloadFormat($0) }
      let reply = try await endpoint.invoke(
        Invocation(method: EchoService.unary, body: .message([1]), metadata: ["x-own": "1"], attributes: attributes))
      #expect(reply.message == [1])
    }
    let session = try HTTP2Session(role: .server, now: MonotonicInstant(nanoseconds: 1))
    let heads = try headers(of: seen.withLock { $0 }, by: session)
    #expect(heads.map { $0["content-type"] } == [expected])
    #expect(heads.first?["te"] == "trailers" && heads.first?["x-own"] == "1")
  }

  @Test(arguments: [
    ("plist", "application/grpc+plist", "application/grpc+plist"), ("plist", "application/grpc", "application/grpc"),
    ("plist", "application/grpc+json", "application/grpc"), ("json", "application/grpc+json", "application/grpc+json"),
    ("protobuf", "application/grpc+proto", "application/grpc"),
  ])
  func `an answer has its request's content type`(serialization: String, asked: String, answered: String) async throws {
    let server = try TripleProtocol(loops: 1, log: .silent)
    var url = DubboURL(scheme: "tri", host: "127.0.0.1", port: 0, path: EchoService.name)
    url.serialization = serialization
    let port = try await server.export(EchoService(), methods: EchoService.methods, at: url).url.port ?? 0
    for (method, fails) in [("unary", false), ("bidirectional", false), ("unary", true)] {
      var fields: Metadata = ["content-type": asked, "x-echo": "1"]
      if fails { fields["x-fail"] = "NOT_FOUND" }
      let heads = try await answer(to: fields, "/\(EchoService.name)/\(method)", at: port)
      #expect(heads.first?["content-type"] == answered)
      let isRefused = asked.contains("+json") && serialization == "plist"
      #expect(heads.last?["grpc-status"] == (isRefused ? "12" : fails ? "5" : "0"))
      #expect(heads.first?["x-head"] == (isRefused ? nil : "1"))
    }
    await server.shutDown(grace: .zero)
  }

  private func read(_ text: String) -> RequestFields.ContentType {
    var fields = RequestFields()
    let isTaken = Array("content-type".utf8).withUnsafeBytes { name in
      Array(text.utf8).withUnsafeBytes { value in fields.take(name, value) }
    }
    #expect(isTaken)
    return fields.contentType
  }

  /// The header blocks that answer one call of one message.
  private func answer(to fields: Metadata, _ path: String, at port: UInt16) async throws -> [Metadata] {
    let session = try HTTP2Session(role: .client, now: MonotonicInstant(nanoseconds: 1))
    let head = RequestHead(authority: Array("h".utf8), path: Array(path.utf8), block: fields.block)
    try session.request(head, stream: HTTP2Stream(), body: .whole([1], prefix: messagePrefix([1])))
    let output = Output()
    session.produce(into: output, limit: 64 * 1_024)
    let client = try await RawClient(to: port, greeting: output.bytes)
    var heads: [Metadata] = []
    for await frame in client.frames {
      heads += try headers(of: bytes(of: frame), by: session)
      if frame.stream == 1, frame.endsStream { break }
    }
    await client.stop()
    return heads
  }
}

private final class Output: ByteSink {
  var bytes: [UInt8] = []
  func append(_ bytes: UnsafeRawBufferPointer) { self.bytes.append(contentsOf: bytes) }
}

private func bytes(of frame: Frames.Frame) -> [UInt8] {
  Frames.frame(frame.kind, flags: frame.flags, stream: frame.stream, frame.payload)
}

/// The header and trailer blocks in `bytes`, as `session` reads them.
private func headers(of bytes: [UInt8], by session: HTTP2Session) throws -> [Metadata] {
  try bytes.withUnsafeBytes { try session.receive($0, now: MonotonicInstant(nanoseconds: 1)) }
  var found: [Metadata] = []
  while let event = session.nextEvent() {
    switch event {
    case .headers(let stream, _): found.append(Metadata(block: stream.headerBlock))
    case .trailers(let stream): found.append(Metadata(block: stream.trailerBlock))
    default: break
    }
  }
  return found
}
