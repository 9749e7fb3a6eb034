public import DubboCore
public import DubboProtobuf

/// One method of a provider: its descriptor and the way from bytes into the user's function and back.
public struct MethodRegistration: Sendable {
  public let method: MethodDescriptor
  /// Carries one call out. Throws what the user's function throws.
  public let handler: @Sendable (Invocation) async throws -> Reply

  public init(_ method: MethodDescriptor, handler: @escaping @Sendable (Invocation) async throws -> Reply) {
    self.method = method
    self.handler = handler
  }

  /// One request, one reply.
  @inlinable
  public static func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ body: @escaping @Sendable (Request, ServerContext) async throws -> Response
  ) -> MethodRegistration {
    MethodRegistration(method) { invocation in
      let request: Request = try decodeRequest(invocation.unaryMessage(), of: method)
      let response = try await body(request, invocation.requireContext())
      return Reply(message: try encode(response, of: method))
    }
  }

  /// Many requests, one reply.
  @inlinable
  public static func clientStream<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ body: @escaping @Sendable (RequestReader<Request>, ServerContext) async throws -> Response
  ) -> MethodRegistration {
    MethodRegistration(method) { invocation in
      let stream = try invocation.requireStream()
      let response = try await body(RequestReader(stream.requests), invocation.requireContext())
      try await stream.replies.write(try encode(response, of: method))
      return Reply()
    }
  }

  /// One request, many replies.
  @inlinable
  public static func serverStream<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ body: @escaping @Sendable (Request, ReplyWriter<Response>, ServerContext) async throws -> Void
  ) -> MethodRegistration {
    MethodRegistration(method) { invocation in
      let stream = try invocation.requireStream()
      guard let bytes = try await stream.requests.next() else {
        throw DubboError(.invalidArgument, "\(method) takes one request, and the caller sent none")
      }
      let request: Request = try decodeRequest(bytes, of: method)
      try await body(request, ReplyWriter(stream.replies), invocation.requireContext())
      return Reply()
    }
  }

  /// Many requests, many replies, in any order.
  @inlinable
  public static func stream<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ body: @escaping @Sendable (RequestReader<Request>, ReplyWriter<Response>, ServerContext) async throws -> Void
  ) -> MethodRegistration {
    MethodRegistration(method) { invocation in
      let stream = try invocation.requireStream()
      try await body(RequestReader(stream.requests), ReplyWriter(stream.replies), invocation.requireContext())
      return Reply()
    }
  }
}

extension Invocation {
  @usableFromInline
  func unaryMessage() throws -> [UInt8] {
    guard case .message(let bytes) = body else {
      throw DubboError(.internal, "\(method) is unary and was called with a stream")
    }
    return bytes
  }

  @usableFromInline
  func requireStream() throws -> InboundStream {
    guard case .inbound(let stream) = body else {
      throw DubboError(.internal, "\(method) has streams and was called with one message")
    }
    return stream
  }

  @usableFromInline
  func requireContext() throws -> ServerContext {
    guard let server else {
      throw DubboError(.internal, "\(method) was called without a server context; only a provider's protocol calls it")
    }
    return server
  }
}

/// A service's methods behind the one invoker shape.
public struct ServiceInvoker: MethodTable {
  private let registrations: [MethodRegistration]

  public init(_ service: some RoutableService) {
    registrations = service.dubboMethods
  }

  init(_ registrations: [MethodRegistration]) {
    self.registrations = registrations
  }

  /// The methods of the service.
  public var methods: [MethodDescriptor] { registrations.map(\.method) }

  public func invoke(_ invocation: Invocation) async throws -> Reply {
    guard let handler = handler(of: invocation.method) else {
      throw DubboError(.unimplemented, "\(invocation.method.service) has no method \(invocation.method.name)")
    }
    return try await handler(invocation)
  }

  package func handler(of method: MethodDescriptor) -> (@Sendable (Invocation) async throws -> Reply)? {
    // What else a caller knows of a method may differ, such as that it is idempotent.
    registrations.first { $0.method.name == method.name && $0.method.service == method.service }?.handler
  }
}
