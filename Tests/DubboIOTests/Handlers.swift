import DubboCore
import DubboIO
import Synchronization

/// Something that a test waits for: set once from anywhere.
final class Promise<Value: Sendable>: Sendable {
  private struct State {
    var value: Value?
    var waiters: [CheckedContinuation<Value, Never>] = []
  }
  private let state = Mutex(State())

  func fulfil(_ value: Value) {
    let waiters = state.withLock { state in
      guard state.value == nil else { return [CheckedContinuation<Value, Never>]() }
      state.value = value
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume(returning: value) }
  }

  var isFulfilled: Bool { state.withLock { $0.value != nil } }

  var value: Value {
    get async {
      await withCheckedContinuation { continuation in
        let value = state.withLock { state in
          if state.value == nil { state.waiters.append(continuation) }
          return state.value
        }
        if let value { continuation.resume(returning: value) }
      }
    }
  }
}

/// A handler made of closures; what it does not answer it ignores.
final class TestHandler: ByteStreamHandler {
  let stream: ByteStream
  var onReceived: (TestHandler, UnsafeRawBufferPointer) -> Void = { _, _ in }
  var onEnd: (TestHandler) -> Void = { _ in }
  var onFlush: (TestHandler) -> Void = { _ in }
  var onDrained: (TestHandler) -> Void = { _ in }
  var onClosed: (TestHandler, StreamCloseReason) -> Void = { _, _ in }
  var received: [UInt8] = []

  init(_ stream: ByteStream) { self.stream = stream }

  func streamReceived(_ bytes: UnsafeRawBufferPointer) { onReceived(self, bytes) }
  func streamReachedEnd() { onEnd(self) }
  func streamFlush() { onFlush(self) }
  func streamDrained() { onDrained(self) }
  func streamClosed(_ reason: StreamCloseReason) { onClosed(self, reason) }

  func send(_ bytes: [UInt8]) {
    stream.output.append(bytes)
    stream.markDirty()
  }
}

/// Gives each accepted stream a handler that `setUp` has dressed.
final class TestAcceptor: StreamAcceptor {
  private let setUp: @Sendable (TestHandler) -> Void
  init(_ setUp: @escaping @Sendable (TestHandler) -> Void) { self.setUp = setUp }

  func streamAccepted(_ stream: ByteStream) {
    let handler = TestHandler(stream)
    stream.handler = handler
    setUp(handler)
  }

  /// Sends back what comes; ends when the peer ends.
  static let echo = TestAcceptor { handler in
    handler.onReceived = { handler, bytes in
      handler.stream.output.append(bytes)
      handler.stream.markDirty()
    }
    handler.onEnd = { $0.stream.finish() }
  }
}

/// A connection that a test has asked for: `setUp` dresses the handler on the loop.
final class TestConnection: ConnectHandler, LoopWork, Sendable {
  let outcome = Promise<Result<Void, IOFailure>>()
  let closed = Promise<StreamCloseReason>()
  private let endpoint: EndpointAddress
  private let limit: Duration
  private let configuration: StreamConfiguration
  private let setUp: @Sendable (TestHandler) -> Void
  private let stream = Mutex<StreamReference?>(nil)

  init(
    to endpoint: EndpointAddress, within limit: Duration = .seconds(10), configuration: StreamConfiguration = .init(),
    on loop: EventLoop, _ setUp: @escaping @Sendable (TestHandler) -> Void = { _ in }
  ) {
    self.endpoint = endpoint
    self.limit = limit
    self.configuration = configuration
    self.setUp = setUp
    if !loop.submit(self) { outcome.fulfil(.success(())) }
  }

  func run(on loop: EventLoop) {
    loop.connect(
      to: endpoint, deadline: loop.now.advanced(by: limit), configuration: configuration, handler: self)
  }

  func connected(_ stream: ByteStream) {
    let handler = TestHandler(stream)
    let closed = self.closed
    handler.onClosed = { _, reason in closed.fulfil(reason) }
    setUp(handler)
    stream.handler = handler
    self.stream.withLock { $0 = StreamReference(stream: stream) }
    outcome.fulfil(.success(()))
  }

  /// Closes the connection from the test's own thread.
  func close() {
    guard let reference = stream.withLock({ $0 }) else { return }
    _ = reference.stream.loop.submit(reference)
  }

  func connectFailed(_ failure: IOFailure) { outcome.fulfil(.failure(failure)) }
}

/// Sends `bytes`, ends its direction, and collects what comes until the peer ends.
func exchange(_ bytes: [UInt8], with endpoint: EndpointAddress, on loop: EventLoop) async throws -> [UInt8] {
  let reply = Promise<[UInt8]>()
  let connection = TestConnection(to: endpoint, on: loop) { handler in
    let closed = handler.onClosed
    handler.onReceived = { $0.received += $1 }
    handler.onEnd = { handler in handler.stream.finish() }
    handler.onClosed = { handler, reason in
      reply.fulfil(handler.received)
      closed(handler, reason)
    }
    handler.send(bytes)
  }
  try await connection.outcome.value.get()
  return await reply.value
}

extension SocketAddress {
  var endpoint: EndpointAddress {
    switch self {
    case .unix(let path): .unix(path: path)
    case .ipv4, .ipv6: .tcp(host: host, port: port ?? 0)
    }
  }
}

/// Loops for the length of a test.
@discardableResult
func withLoops<Result>(_ count: Int = 2, _ body: (LoopGroup) async throws -> Result) async throws -> Result {
  let group = try LoopGroup(count: count)
  do {
    let result = try await body(group)
    await group.shutdown()
    return result
  } catch {
    await group.shutdown()
    throw error
  }
}

/// A listener for the length of a test.
@discardableResult
func withListener<Result>(
  on endpoint: EndpointAddress = .tcp(host: "127.0.0.1", port: 0), group: LoopGroup,
  configuration: ListenerConfiguration = .init(), acceptor: TestAcceptor,
  _ body: (Listener, EndpointAddress) async throws -> Result
) async throws -> Result {
  let listener = try await Listener(on: [endpoint], group: group, configuration: configuration, acceptor: acceptor)
  do {
    let result = try await body(listener, listener.addresses[0].endpoint)
    await listener.stop()
    return result
  } catch {
    await listener.stop()
    throw error
  }
}

/// `@unchecked Sendable`: only `loop`, a constant, is read off the loop.
private final class StreamReference: LoopWork, @unchecked Sendable {
  let stream: ByteStream
  init(stream: ByteStream) { self.stream = stream }
  func run(on loop: EventLoop) { stream.close(.closed("by the test")) }
}
