internal import DubboCore
internal import DubboHTTP
internal import DubboIO

/// How a call runs the user's method.
extension ServerCall: LoopRequest {
  func run() async {
    guard let route, let connection, answer != .complete else { return }
    isRunning = true
    let context = ServerContext(method: route.method, metadata: metadata, peer: connection.peer, deadline: deadline)
    self.context = context
    let invocation = Invocation(
      method: route.method, body: body, metadata: metadata, deadline: deadline, server: context)
    do {
      let reply =
        switch connection.settings.dispatcher {
        case .direct: try await route.invoker.invoke(invocation)
        case .all: try await Self.onGlobalPool(route.invoker, invocation)
        }
      finish(reply)
    } catch {
      finish(throwing: DubboError.wrapping(error))
    }
    isRunning = false
    connection.ended(self)
    connection.touch()
    if !isLive { letGo() }
  }

  private var body: Invocation.Body {
    if let outgoing, let pipe = incoming?.pipe {
      return .inbound(InboundStream(requests: pipe, replies: ReplyStream(outgoing: outgoing)))
    }
    return .message(request ?? [])
  }

  @concurrent
  private static func onGlobalPool(_ invoker: any Invoker, _ invocation: Invocation) async throws -> Reply {
    try await withTaskExecutorPreference(globalConcurrentExecutor) { try await invoker.invoke(invocation) }
  }
}

/// The replies as the provider's method writes them. Finishing is the method's return: what it still has to say,
/// the trailers and the status, come only then.
private struct ReplyStream: MessageWriter {
  let outgoing: OutgoingStream

  func write(_ message: [UInt8]) async throws {
    try await outgoing.write(message)
  }

  func finish() async throws {}
}
