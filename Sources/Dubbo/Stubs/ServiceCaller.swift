public import DubboCore
public import DubboProtobuf
internal import Synchronization

/// Makes the calls of a generated client: encodes, sets the deadline, hands the invocation to the stack below, and
/// decodes. Lazy, cheap to copy, and safe to use from any task.
public struct ServiceCaller: Sendable {
  /// The stack that carries a call out.
  public let invoker: any Invoker
  /// For a call whose options set no timeout; nil for no limit.
  public let defaultTimeout: @Sendable (MethodDescriptor) -> Duration?
  /// Set on each invocation before the call's own.
  public let attributes: Attributes
  private let clock: any DubboClock

  public init(
    invoker: any Invoker, attributes: Attributes = Attributes(), clock: any DubboClock = SystemClock(),
    defaultTimeout: @escaping @Sendable (MethodDescriptor) -> Duration? = { _ in nil }
  ) {
    self.invoker = invoker
    self.attributes = attributes
    self.clock = clock
    self.defaultTimeout = defaultTimeout
  }

  /// One request, one reply.
  @inlinable
  public func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ request: Request, _ options: CallOptions
  ) async throws -> Response {
    let bytes = try encode(request, of: method)
    let reply = try await invoker.invoke(invocation(method, .message(bytes), options))
    options.replyMetadata?.record(reply)
    return try decodeReply(reply.message, of: method)
  }

  /// Many requests, one reply, which comes when `body` has returned and the provider has answered.
  public func clientStream<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ options: CallOptions,
    _ body: @escaping @Sendable (RequestWriter<Request>) async throws -> Void
  ) async throws -> Response {
    try await exchange(method, options) { (requests: RequestWriter<Request>, replies: ReplyReader<Response>) in
      try await body(requests)
      try await requests.finish()
      guard let reply = try await replies.next() else {
        throw DubboError(.internal, "\(method) ended well without its one reply", reason: .protocolViolation)
      }
      guard try await replies.next() == nil else {
        throw DubboError(.internal, "\(method) brought more than its one reply", reason: .protocolViolation)
      }
      return reply
    }
  }

  /// One request, many replies, read by `body`.
  public func serverStream<Request: Message, Response: Message, Result: Sendable>(
    _ method: MethodDescriptor, _ request: Request, _ options: CallOptions,
    _ body: @escaping @Sendable (ReplyReader<Response>) async throws -> Result
  ) async throws -> Result {
    try await exchange(method, options) { (requests: RequestWriter<Request>, replies: ReplyReader<Response>) in
      try await requests.write(request)
      try await requests.finish()
      return try await body(replies)
    }
  }

  /// Many requests, many replies, in any order. When `body` returns nothing more is sent.
  public func stream<Request: Message, Response: Message, Result: Sendable>(
    _ method: MethodDescriptor, _ options: CallOptions,
    _ body: @escaping @Sendable (RequestWriter<Request>, ReplyReader<Response>) async throws -> Result
  ) async throws -> Result {
    try await exchange(method, options, body)
  }

  private func exchange<Request: Message, Response: Message, Result: Sendable>(
    _ method: MethodDescriptor, _ options: CallOptions,
    _ body: @escaping @Sendable (RequestWriter<Request>, ReplyReader<Response>) async throws -> Result
  ) async throws -> Result {
    try await exchange(method, options) { requests, replies in
      try await body(RequestWriter(requests), ReplyReader(replies))
    }
  }

  /// Makes a call whose streams are `body`'s, and returns what that returned.
  func exchange<Result: Sendable>(
    _ method: MethodDescriptor, _ options: CallOptions,
    _ body: @escaping @Sendable (any MessageWriter, any MessageReader) async throws -> Result
  ) async throws -> Result {
    let outcome = Outcome<Result>()
    let exchange: Exchange = { requests, replies in
      outcome.set(try await body(requests, replies))
    }
    let reply = try await invoker.invoke(invocation(method, .exchange(exchange), options))
    options.replyMetadata?.record(reply)
    guard let result = outcome.value else {
      throw DubboError(.internal, "a layer of the stack ended \(method) well without running its exchange")
    }
    return result
  }

  /// The invocation of a call that starts now.
  @usableFromInline
  func invocation(_ method: MethodDescriptor, _ body: Invocation.Body, _ options: CallOptions) -> Invocation {
    var all = attributes
    all.merge(options.attributes)
    let timeout = options.timeout ?? defaultTimeout(method)
    return Invocation(
      method: method, body: body, metadata: options.metadata, deadline: timeout.map { clock.now.advanced(by: $0) },
      isIdempotent: options.idempotent, attributes: all)
  }
}

/// What an exchange returned, carried past `invoke`.
private final class Outcome<Value: Sendable>: Sendable {
  private let stored = Mutex<Value?>(nil)

  var value: Value? { stored.withLock { $0 } }

  func set(_ value: Value) {
    stored.withLock { $0 = value }
  }
}
