import DubboCore
import DubboTriple
import Synchronization
import TestDoubles

/// A client whose provider is made of hand-written frames.
enum RawProvider {
  static func with(
    settings: TripleSettings = quick, greeting: [UInt8] = Frames.settings(), isPolite: Bool = true,
    compressor: String? = nil, _ script: @escaping RawConnection.Script, _ body: (any Endpoint) async throws -> Void
  ) async throws {
    let server = try await RawServer(greeting: greeting, isPolite: isPolite, script)
    let client = try TripleProtocol(settings: settings, loops: 1, log: .silent)
    var url = DubboURL(scheme: "tri", host: "127.0.0.1", port: server.port)
    url["compressor"] = compressor
    let endpoint = try client.endpoint(for: url)
    do {
      try await body(endpoint)
    } catch {
      await client.shutDown(grace: .zero)
      await server.stop()
      throw error
    }
    await client.shutDown(grace: .zero)
    await server.stop()
  }

  /// Times for tests that wait for them to pass.
  static var quick: TripleSettings {
    var settings = TripleSettings()
    settings.connectTimeout = .milliseconds(200)
    return settings
  }

  /// A provider that sends back what comes, each message as it comes.
  static func echo(_ connection: RawConnection, _ event: RawConnection.Event) {
    guard case .frame(let frame) = event else { return }
    if frame.kind == 1 { connection.send(Frames.answer(frame.stream)) }
    if frame.kind == 0 {
      if !frame.payload.isEmpty { connection.send(Frames.data(frame.stream, frame.payload)) }
      if frame.endsStream { connection.send(Frames.status(frame.stream)) }
    }
  }

  /// Runs `answer` for each request's headers.
  static func onRequest(
    _ answer: @escaping @Sendable (RawConnection, UInt32) -> Void
  ) -> RawConnection.Script {
    { connection, event in
      if case .frame(let frame) = event, frame.kind == 1 { answer(connection, frame.stream) }
    }
  }
}

extension Endpoint {
  func unary(
    _ message: [UInt8] = [1], _ metadata: Metadata = [:], deadline: MonotonicInstant? = nil
  ) async throws -> Reply {
    try await invoke(
      Invocation(method: EchoService.unary, body: .message(message), metadata: metadata, deadline: deadline))
  }

  func bidirectional(deadline: MonotonicInstant? = nil, _ exchange: @escaping Exchange) async throws -> Reply {
    try await invoke(
      Invocation(method: EchoService.bidirectional, body: .exchange(exchange), deadline: deadline))
  }
}
