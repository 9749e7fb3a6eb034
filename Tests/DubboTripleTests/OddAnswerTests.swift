import DubboCore
import DubboTriple
import TestDoubles
import Testing

/// Answers that are wrong, strange or not gRPC's at all: the right code, no hang, and the connection goes on.
@Suite(.timeLimit(.minutes(1))) struct OddAnswerTests {
  /// What a call gets from a provider that sends this for every request.
  func outcome(_ answer: @escaping @Sendable (UInt32) -> [UInt8]) async throws -> DubboError? {
    var error: DubboError?
    try await RawProvider.with(RawProvider.onRequest { $0.send(answer($1)) }) { endpoint in
      error = await failure { _ = try await endpoint.unary() }
    }
    return error
  }

  @Test(arguments: [
    ("502", StatusCode.unavailable), ("503", .unavailable), ("404", .unimplemented), ("401", .unauthenticated),
  ])
  func `case 17: an error page of a proxy is a code and is not read as gRPC`(status: String, code: StatusCode)
    async throws
  {
    let error = try await outcome { stream in
      Frames.headers(stream, Frames.field(":status", status) + Frames.field("content-type", "text/html"))
        + Frames.data(stream, Array("<html>\0\0\0\0\u{1}x</html>".utf8), end: true)
    }
    #expect(error?.code == code)
    #expect(error?.message.contains(status) == true)
  }

  @Test func `case 18: trailers without grpc-status are UNKNOWN`() async throws {
    let error = try await outcome { stream in
      Frames.answer(stream) + Frames.data(stream, Frames.message([1]))
        + Frames.headers(stream, Frames.field("x-other", "1"), end: true)
    }
    #expect(error?.code == .unknown)
  }

  @Test func `case 18: an end without trailers is UNKNOWN`() async throws {
    let error = try await outcome { Frames.answer($0) + Frames.data($0, Frames.message([1]), end: true) }
    #expect(error?.code == .unknown)
  }

  @Test func `case 18: an answer may be its trailers alone`() async throws {
    let error = try await outcome { stream in
      Frames.headers(
        stream,
        [0x88] + Frames.field("content-type", "application/grpc") + Frames.field("grpc-status", "5")
          + Frames.field("grpc-message", "no%20such thing"), end: true)
    }
    #expect(error?.code == .notFound)
    #expect(error?.message == "no such thing")
  }

  @Test func `case 18: a status in the headers does not end a call that goes on`() async throws {
    let error = try await outcome { stream in
      Frames.headers(
        stream, [0x88] + Frames.field("content-type", "application/grpc") + Frames.field("grpc-status", "5"))
        + Frames.data(stream, Frames.message([1])) + Frames.status(stream, 7)
    }
    #expect(error?.code == .permissionDenied)
  }

  @Test(arguments: ["99", "-1", "", "5x", "99999999999"])
  func `case 18: a status that is no code of gRPC's is an error`(text: String) async throws {
    let error = try await outcome { stream in
      Frames.answer(stream) + Frames.headers(stream, Frames.field("grpc-status", text), end: true)
    }
    #expect(error != nil)
  }

  @Test func `case 19: an answer over the limit ends its call alone`() async throws {
    let resets = Counter()
    let script: RawConnection.Script = { connection, event in
      guard case .frame(let frame) = event else { return }
      if frame.kind == 3 { resets.increase() }
      // The first answer promises a gibibyte, the others are small.
      if frame.kind == 1, frame.stream == 1 {
        connection.send(Frames.answer(1) + Frames.data(1, [0] + Frames.word(1 << 30)))
      } else if frame.kind == 1 {
        connection.send(Frames.reply(frame.stream, [9]))
      }
    }
    try await RawProvider.with(script) { endpoint in
      let error = await failure { _ = try await endpoint.unary() }
      #expect(error?.code == .resourceExhausted)
      let got1 = try await endpoint.unary().message
      #expect(got1 == [9])
      #expect(resets.value == 1)
    }
  }

  @Test func `case 25: a provider's word on another attempt reaches whoever makes it`() async throws {
    let error = try await outcome { stream in
      Frames.answer(stream) + Frames.status(stream, 14, Frames.field("grpc-retry-pushback-ms", "-1"))
    }
    #expect(error?.code == .unavailable)
    #expect(error?.metadata["grpc-retry-pushback-ms"] == "-1")
  }

  @Test func `case 14: calls over the peer's limit of streams wait for each other`() async throws {
    // Each answer comes when its request has ended, and only one may be open.
    try await RawProvider.with(greeting: Frames.settings((3, 1)), RawProvider.echo) { endpoint in
      let sum = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 1...50 as ClosedRange<UInt8> {
          group.addTask { Int(try await endpoint.unary([number]).message.first ?? 0) }
        }
        return try await group.reduce(0, +)
      }
      #expect(sum == 50 * 51 / 2)
    }
  }
}
