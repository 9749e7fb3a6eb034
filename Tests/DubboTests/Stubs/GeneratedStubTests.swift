import Dubbo
import GeneratedSamples
import Testing

private struct GreeterProvider: Greeter.Service {
  func greet(_ request: GreeterRequest, context: ServerContext) async throws -> GreeterReply {
    guard !request.name.isEmpty else { throw DubboError(.invalidArgument, "a greeting needs a name") }
    context.responseHeaders["x-language"] = "en"
    context.responseTrailers["x-length"] = "\(request.name.utf8.count)"
    return .with { $0.message = "Hello, \(request.name)!" }
  }

  func greetClientStream(_ requests: RequestReader<GreeterRequest>, context: ServerContext) async throws -> GreeterReply
  {
    var names: [String] = []
    for try await request in requests { names.append(request.name) }
    let all = names.joined(separator: ", ")
    return .with { $0.message = "Hello, \(all)!" }
  }

  func greetServerStream(
    _ request: GreeterRequest, replies: ReplyWriter<GreeterReply>, context: ServerContext
  ) async throws {
    context.responseTrailers["x-count"] = "10"
    for number in 1...10 {
      try await replies.write(.with { $0.message = "Hello, \(request.name)! #\(number)" })
    }
  }

  func greetStream(
    _ requests: RequestReader<GreeterRequest>, replies: ReplyWriter<GreeterReply>, context: ServerContext
  ) async throws {
    for try await request in requests {
      try await replies.write(.with { $0.message = "Hello, \(request.name)!" })
    }
  }
}

@Suite struct GeneratedStubTests {
  let greeter: Greeter.Client

  init() {
    let url = DubboURL(scheme: "injvm", host: "127.0.0.1", path: Greeter.serviceName)
    let endpoint = InProcessEndpoint(url: url, service: ServiceInvoker(GreeterProvider()))
    greeter = Greeter.Client(caller: ServiceCaller(invoker: endpoint))
  }

  @Test func `a unary method takes a request and gives a reply`() async throws {
    let reply = try await greeter.greet(.with { $0.name = "Swift" }, options: .init(timeout: .seconds(10)))
    #expect(reply.message == "Hello, Swift!")
  }

  @Test func `a client stream's replies are one`() async throws {
    let reply = try await greeter.greetClientStream { requests in
      for name in ["a", "b", "c"] { try await requests.write(.with { $0.name = name }) }
    }
    #expect(reply.message == "Hello, a, b, c!")
  }

  @Test func `a server stream is read as a sequence, and what its reader returns comes back`() async throws {
    let messages = try await greeter.greetServerStream(.with { $0.name = "you" }) { replies in
      var messages: [String] = []
      for try await reply in replies { messages.append(reply.message) }
      return messages
    }
    #expect(messages == (1...10).map { "Hello, you! #\($0)" })
  }

  @Test func `a bidirectional stream answers each message as it comes`() async throws {
    let count = try await greeter.greetStream { requests, replies in
      for name in ["x", "y"] {
        try await requests.write(.with { $0.name = name })
        #expect(try await replies.next()?.message == "Hello, \(name)!")
      }
      try await requests.finish()
      return try await replies.next() == nil ? 2 : 3
    }
    #expect(count == 2)
  }

  @Test func `what a method sends beside its answer reaches the caller who asks for it`() async throws {
    let beside = ReplyMetadata()
    _ = try await greeter.greet(.with { $0.name = "Swift" }, options: .init(replyMetadata: beside))
    #expect(beside.headers["x-language"] == "en")
    #expect(beside.trailers["x-length"] == "5")

    try await greeter.greetServerStream(.with { $0.name = "Swift" }, options: .init(replyMetadata: beside)) { replies in
      for try await _ in replies {}
    }
    #expect(beside.trailers == ["x-count": "10"])
  }

  @Test func `an error of the method is the caller's error`() async throws {
    do {
      _ = try await greeter.greet(GreeterRequest())
      Issue.record("a greeting without a name went well")
    } catch let error as DubboError {
      #expect(error.code == .invalidArgument)
      #expect(error.message == "a greeting needs a name")
    }
  }

  @Test func `bytes that are no message are told apart by side`() async throws {
    let caller = greeter.caller
    do {
      _ = try await caller.invoker.invoke(Invocation(method: Greeter.Methods.greet, body: .message([0x0A, 0x05])))
      Issue.record("a cut message was read")
    } catch let error as DubboError {
      #expect(error.code == .invalidArgument)
      #expect(error.reason == .serialization)
    }
  }
}
