internal import DubboCore
internal import DubboHTTP
internal import DubboIO

/// How a call runs the user's method.
extension ServerCall: LoopRequest {
  var name: String { route?.method.path ?? "" }

  func run(in worker: RequestWorker) async {
    guard let route, let connection, isLive, answer != .complete, !connection.holds(self) else { return }
    self.worker = worker
    connection.began(self)
    let context = ServerContext(method: route.method, metadata: metadata, peer: connection.peer, deadline: deadline)
    self.context = context
    let invocation = Invocation(
      method: route.method, body: body, metadata: metadata, deadline: deadline, server: context)
    do {
      let reply =
        switch connection.settings.dispatcher {
        case .direct:
          if let coded = coded(route.invoker) {
            try await coded.invoke(invocation)
          } else {
            try await route.invoker.invoke(invocation)
          }
        case .all:
          try await onGlobalPool { [invoker = coded(route.invoker) ?? route.invoker] in
            try await invoker.invoke(invocation)
          }
        }
      finish(reply)
    } catch {
      finish(throwing: DubboError.wrapping(error))
    }
    self.worker = nil
    connection.ended(self)
    connection.touch()
    if !isLive { letGo() }
  }

  private var body: Invocation.Body {
    if let streams {
      let pipe = streams.incoming.pipe
      return .inbound(
        InboundStream(
          requests: requestCoding.map { ExpandingReader(pipe: pipe, coding: CodingReference($0)) } ?? pipe,
          replies: ReplyStream(outgoing: streams.outgoing, coding: replyCoding)))
    }
    return .message(request ?? [])
  }
}

/// The replies as the provider's method writes them. Finishing is the method's return: what it still has to say,
/// the trailers and the status, come only then.
private struct ReplyStream: MessageWriter {
  let outgoing: OutgoingStream
  let coding: MessageCoding?

  func write(_ message: [UInt8]) async throws {
    try await outgoing.write(await coding?.shrink(message) ?? message)
  }

  func finish() async throws {}
}
