public import Dubbo

/// Sends back what it receives, in the four ways a call can go.
public struct EchoProvider: Echo.Service {
  public init() {}

  public func unaryEcho(_ request: EchoRequest, context: ServerContext) async throws -> EchoResponse {
    .with { $0.message = request.message }
  }

  public func serverStreamingEcho(
    _ request: EchoRequest, replies: ReplyWriter<EchoResponse>, context: ServerContext
  ) async throws {
    for _ in context.answers { try await replies.write(.with { $0.message = request.message }) }
  }

  public func clientStreamingEcho(
    _ requests: RequestReader<EchoRequest>, context: ServerContext
  ) async throws -> EchoResponse {
    var messages: [String] = []
    for try await request in requests { messages.append(request.message) }
    return .with { $0.message = messages.joined(separator: " ") }
  }

  public func bidirectionalStreamingEcho(
    _ requests: RequestReader<EchoRequest>, replies: ReplyWriter<EchoResponse>, context: ServerContext
  ) async throws {
    for try await request in requests { try await replies.write(.with { $0.message = request.message }) }
  }
}
