package import DubboCore

extension EventLoop {
  /// Connects, for a task that runs on this loop. The stream has no handler yet and does not read: set one and call
  /// `begin()`, or close it. Throws `CANCELED` when the task is cancelled.
  package func connect(
    to endpoint: EndpointAddress, deadline: MonotonicInstant, configuration: StreamConfiguration = .init()
  ) async throws(IOFailure) -> ByteStream {
    assert(isCurrent, "a connection is opened on its loop")
    let wait = ConnectWait(endpoint: endpoint, deadline: deadline, configuration: configuration)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in wait.start(on: self, continuation) }
    } onCancel: {
      _ = submit(wait)
    }
    return try result.get().stream
  }
}

/// `@unchecked Sendable`: made, started and run on the loop; another thread only submits it to the loop.
private final class ConnectWait: ConnectHandler, LoopWork, @unchecked Sendable {
  /// `@unchecked Sendable`: goes from the loop to a task on the same loop.
  struct Connected: @unchecked Sendable {
    let stream: ByteStream
  }
  private let endpoint: EndpointAddress
  private let deadline: MonotonicInstant
  private let configuration: StreamConfiguration
  private var continuation: CheckedContinuation<Result<Connected, IOFailure>, Never>?
  private var attempt: ConnectAttempt?

  init(endpoint: EndpointAddress, deadline: MonotonicInstant, configuration: StreamConfiguration) {
    self.endpoint = endpoint
    self.deadline = deadline
    self.configuration = configuration
  }

  func start(on loop: EventLoop, _ continuation: CheckedContinuation<Result<Connected, IOFailure>, Never>) {
    self.continuation = continuation
    let attempt = loop.connect(to: endpoint, deadline: deadline, configuration: configuration, handler: self)
    if self.continuation != nil { self.attempt = attempt }
  }

  /// The task was cancelled.
  func run(on loop: EventLoop) {
    attempt?.cancel()
    connectFailed(
      IOFailure(.canceled, "connect to", on: endpoint.description, reason: "the one who wanted it has given up"))
  }

  private func end(_ result: Result<Connected, IOFailure>) {
    let continuation = self.continuation
    self.continuation = nil
    attempt = nil
    continuation?.resume(returning: result)
  }

  func connected(_ stream: ByteStream) { end(.success(Connected(stream: stream))) }
  func connectFailed(_ failure: IOFailure) { end(.failure(failure)) }
}
