import Dubbo
import SampleServices

/// One thing to try, by name.
struct Case: Sendable {
  var name: String
  var run: @Sendable (Peer) async throws -> Void
}

/// The server under test.
struct Peer: Sendable {
  let echo: Echo.Client
  let greeter: Greeter.Client
  /// The same stack below the typed clients, where headers and trailers can be seen.
  let stack: any Invoker

  /// Calls the method of `kind` with `messages` and returns what came back, in order.
  func echo(
    _ kind: MethodDescriptor.Kind, _ messages: [String], _ options: CallOptions = CallOptions()
  ) async throws -> [String] {
    let first = EchoRequest.with { $0.message = messages.first ?? "" }
    switch kind {
    case .unary:
      return [try await echo.unaryEcho(first, options: options).message]
    case .clientStream:
      let reply = try await echo.clientStreamingEcho(options: options) { requests in
        for message in messages { try await requests.write(.with { $0.message = message }) }
      }
      return [reply.message]
    case .serverStream:
      return try await echo.serverStreamingEcho(first, options: options) { try await Self.all($0) }
    case .bidirectional:
      return try await echo.bidirectionalStreamingEcho(options: options) { requests, replies in
        async let answers = Self.all(replies)
        for message in messages { try await requests.write(.with { $0.message = message }) }
        try await requests.finish()
        return try await answers
      }
    }
  }

  private static func all(_ replies: ReplyReader<EchoResponse>) async throws -> [String] {
    var messages: [String] = []
    for try await reply in replies { messages.append(reply.message) }
    return messages
  }
}

extension MethodDescriptor.Kind {
  static let all: [Self] = [.unary, .clientStream, .serverStream, .bidirectional]

  var name: String {
    switch self {
    case .unary: "unary"
    case .clientStream: "client-stream"
    case .serverStream: "server-stream"
    case .bidirectional: "bidi"
    }
  }

  /// What the echo service answers to `messages`.
  func answers(_ messages: [String], repeated: Int = 10) -> [String] {
    switch self {
    case .unary: [messages.first ?? ""]
    case .clientStream: [messages.joined(separator: " ")]
    case .serverStream: Array(repeating: messages.first ?? "", count: repeated)
    case .bidirectional: messages
    }
  }
}

/// A case for each kind of call.
func each(
  _ name: String, of kinds: [MethodDescriptor.Kind] = MethodDescriptor.Kind.all,
  _ run: @escaping @Sendable (MethodDescriptor.Kind, Peer) async throws -> Void
) -> [Case] {
  kinds.map { kind in Case(name: "\(kind.name).\(name)") { try await run(kind, $0) } }
}
