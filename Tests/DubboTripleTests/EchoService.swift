import DubboCore
import DubboTriple
import Synchronization
import Testing

/// A provider with a method of each kind, and metadata that make it fail, wait or answer with metadata.
struct EchoService: Invoker {
  static let name = "test.Echo"
  static let unary = MethodDescriptor(service: name, name: "unary", kind: .unary)
  static let clientStream = MethodDescriptor(service: name, name: "clientStream", kind: .clientStream)
  static let serverStream = MethodDescriptor(service: name, name: "serverStream", kind: .serverStream)
  static let bidirectional = MethodDescriptor(service: name, name: "bidirectional", kind: .bidirectional)
  static let methods = [unary, clientStream, serverStream, bidirectional]

  let gate: Gate?
  let cancellations = Counter()
  private let look: @Sendable (Invocation) -> Void

  /// - Parameter look: sees each call.
  init(gate: Gate? = nil, look: @escaping @Sendable (Invocation) -> Void = { _ in }) {
    self.gate = gate
    self.look = look
  }

  func invoke(_ invocation: Invocation) async throws -> Reply {
    look(invocation)
    invocation.server?.responseHeaders["x-head"] = invocation.metadata["x-echo"]
    invocation.server?.responseTrailers["x-trail"] = invocation.metadata["x-echo"]
    if invocation.metadata["x-wait"] != nil {
      do {
        _ = try await MessagePipe().next()
      } catch {
        cancellations.increase()
        throw error
      }
    }
    if let code = invocation.metadata["x-fail"] {
      throw DubboError(StatusCode(name: code) ?? .unknown, "as asked: 100 % + ü", metadata: ["x-why": "test"])
    }
    switch invocation.body {
    case .message(let message): return Reply(message: message)
    case .inbound(let stream):
      var joined: [UInt8] = []
      while let message = try await stream.requests.next() {
        switch invocation.method.kind {
        case .bidirectional: try await stream.replies.write(message)
        case .serverStream:
          let count = invocation.metadata["x-count"].flatMap { Int($0) } ?? 3
          for _ in 0..<count { try await stream.replies.write(message) }
        default: joined += message
        }
      }
      if invocation.method.kind == .clientStream { try await stream.replies.write(joined) }
      return Reply()
    case .exchange: throw DubboError(.internal, "a provider never sees an exchange")
    }
  }
}

extension Endpoint {
  /// Reads so many messages of a thousand bytes each, of one stream.
  func readStream(of count: Int) async throws {
    let exchange: Exchange = { requests, replies in
      try await requests.write([UInt8](repeating: 1, count: 1_000))
      try await requests.finish()
      var read = 0
      while let reply = try await replies.next() {
        #expect(reply.count == 1_000)
        read += 1
      }
      #expect(read == count)
    }
    _ = try await invoke(
      Invocation(method: EchoService.serverStream, body: .exchange(exchange), metadata: ["x-count": "\(count)"]))
  }
}

/// Lets tasks through once it is open.
final class Gate: Sendable {
  private let pipe = MessagePipe()

  func open() { pipe.finish() }
  func wait() async throws { _ = try await pipe.next() }
}

final class Counter: Sendable {
  private let stored = Mutex(0)
  var value: Int { stored.withLock { $0 } }
  func increase() { stored.withLock { $0 += 1 } }
}

/// A server and a client of it in this process, over the loopback interface. The client's URL has the parameters `called`,
/// or those `provided`.
struct Pair {
  let server: TripleProtocol
  let client: TripleProtocol
  let endpoint: any Endpoint
  let url: DubboURL

  static func with(
    _ service: EchoService = EchoService(), server serverSettings: TripleSettings = TripleSettings(),
    client clientSettings: TripleSettings = TripleSettings(), provided: URLParameters = [:],
    called: URLParameters? = nil, _ body: (Pair) async throws -> Void
  ) async throws {
    let server = try TripleProtocol(settings: serverSettings, loops: 1, log: .silent)
    let client = try TripleProtocol(settings: clientSettings, loops: 1, log: .silent)
    do {
      var url = DubboURL(scheme: "tri", host: "127.0.0.1", port: 0, path: EchoService.name, parameters: provided)
      url = try await server.export(service, methods: EchoService.methods, at: url).url
      if let called { url.parameters = called }
      try await body(Pair(server: server, client: client, endpoint: client.endpoint(for: url), url: url))
    } catch {
      await client.shutDown(grace: .zero)
      await server.shutDown(grace: .zero)
      throw error
    }
    await client.shutDown(grace: .seconds(1))
    await server.shutDown(grace: .seconds(1))
  }

  func unary(_ message: [UInt8], _ metadata: Metadata = [:], deadline: MonotonicInstant? = nil) async throws -> Reply {
    try await endpoint.invoke(
      Invocation(method: EchoService.unary, body: .message(message), metadata: metadata, deadline: deadline))
  }
}

/// The error that `operation` ends with; nil when it ends well or with an error of another type.
func failure(of operation: () async throws -> Void) async -> DubboError? {
  do {
    try await operation()
    return nil
  } catch {
    return error as? DubboError
  }
}
