public import Dubbo

/// Greets by name, in the four ways a call can go.
public struct GreeterProvider: Greeter.Service {
  public init() {}

  public func greet(_ request: GreeterRequest, context: ServerContext) async throws -> GreeterReply {
    .with { $0.message = "Hello, \(request.name)!" }
  }

  public func greetClientStream(
    _ requests: RequestReader<GreeterRequest>, context: ServerContext
  ) async throws -> GreeterReply {
    var names: [String] = []
    for try await request in requests { names.append(request.name) }
    return .with { $0.message = "Hello, \(names.joined(separator: ", "))!" }
  }

  public func greetServerStream(
    _ request: GreeterRequest, replies: ReplyWriter<GreeterReply>, context: ServerContext
  ) async throws {
    for number in context.answers {
      try await replies.write(.with { $0.message = "Hello, \(request.name)! #\(number)" })
    }
  }

  public func greetStream(
    _ requests: RequestReader<GreeterRequest>, replies: ReplyWriter<GreeterReply>, context: ServerContext
  ) async throws {
    for try await request in requests {
      try await replies.write(.with { $0.message = "Hello, \(request.name)!" })
    }
  }
}
