extension EventLoop {
  /// Runs `body` on the loop and returns what it returned. For what happens seldom: it costs a closure and two thread
  /// changes. From anywhere, also from the loop itself.
  package func perform<Value: Sendable>(
    _ body: @escaping @Sendable () throws(IOFailure) -> Value
  ) async throws(IOFailure) -> Value {
    let result: Result<Value, IOFailure> = await withCheckedContinuation { continuation in
      let call = LoopCall(body: body, continuation: continuation)
      if !submit(call) { continuation.resume(returning: .failure(.loopHasEnded("use an event loop"))) }
    }
    return try result.get()
  }
}

extension IOFailure {
  static func loopHasEnded(_ operation: String, on subject: String = "") -> IOFailure {
    IOFailure(.loopEnded, operation, on: subject, reason: "its event loop has been shut down")
  }
}

private final class LoopCall<Value: Sendable>: LoopWork {
  let body: @Sendable () throws(IOFailure) -> Value
  let continuation: CheckedContinuation<Result<Value, IOFailure>, Never>

  init(
    body: @escaping @Sendable () throws(IOFailure) -> Value,
    continuation: CheckedContinuation<Result<Value, IOFailure>, Never>
  ) {
    self.body = body
    self.continuation = continuation
  }

  func run(on loop: EventLoop) {
    do throws(IOFailure) {
      continuation.resume(returning: .success(try body()))
    } catch {
      continuation.resume(returning: .failure(error))
    }
  }
}
