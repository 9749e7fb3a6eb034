/// A provider in this process: calls reach its invoker without a socket and without encoding anything twice.
///
/// Streams, cancellation, deadlines, metadata and errors behave as over a connection.
public struct InProcessEndpoint: Endpoint {
  public let url: DubboURL
  private let service: any Invoker
  private let clock: any DubboClock

  public init(url: DubboURL, service: any Invoker, clock: any DubboClock = SystemClock()) {
    self.url = url
    self.service = service
    self.clock = clock
  }

  public var availability: Availability { .ready }

  public func close() async {}

  public func invoke(_ invocation: Invocation) async throws -> Reply {
    do {
      return try await withDeadline(invocation.deadline, clock: clock) {
        switch invocation.body {
        case .message, .inbound: try await serve(invocation)
        case .exchange(let exchange): try await serve(invocation, exchange)
        }
      }
    } catch {
      throw Task.isCancelled ? DubboError.wrapping(CancellationError()) : DubboError.wrapping(error)
    }
  }

  private func context(for invocation: Invocation) -> ServerContext {
    let peer = Peer(address: "in-process", localAddress: "in-process")
    return ServerContext(
      method: invocation.method, metadata: invocation.metadata, peer: peer, deadline: invocation.deadline)
  }

  private func serve(_ invocation: Invocation) async throws -> Reply {
    var inner = invocation
    let context = context(for: invocation)
    inner.server = context
    var reply = try await service.invoke(inner)
    reply.headers.append(contentsOf: context.responseHeaders)
    reply.trailers.append(contentsOf: context.responseTrailers)
    return reply
  }

  private func serve(_ invocation: Invocation, _ exchange: Exchange) async throws -> Reply {
    let requests = MessagePipe()
    let replies = MessagePipe()
    let context = context(for: invocation)
    var inner = invocation
    inner.server = context
    inner.body = .inbound(InboundStream(requests: requests, replies: InProcessReplies(pipe: replies, context: context)))
    return try await withThrowingTaskGroup(of: Reply.self) { [inner] group in
      group.addTask {
        do {
          let reply = try await service.invoke(inner)
          replies.setHeaders(context.responseHeaders)
          replies.finish()
          // Nobody reads what the caller still sends.
          requests.fail(DubboError(.cancelled, "the provider has answered", progress: .answered))
          return reply
        } catch {
          let failure = DubboError.wrapping(error)
          replies.fail(failure)
          requests.fail(failure)
          throw failure
        }
      }
      do {
        try await exchange(requests, replies)
      } catch {
        // The provider's error, where there is one, is the cause of what the exchange threw.
        group.cancelAll()
        let failure = DubboError.wrapping(error)
        requests.fail(failure)
        replies.fail(failure)
        throw error
      }
      requests.finish()
      if replies.wasRead, !replies.hasEnded {
        // The exchange has read enough and wants no more: the provider is told, and its outcome is nobody's.
        group.cancelAll()
        replies.fail(DubboError(.cancelled, "the caller reads no more replies", reason: .cancellation))
        return Reply(headers: context.responseHeaders)
      }
      // An exchange that has read nothing waits for the provider, whose replies nobody will take.
      if !replies.wasRead { while try await replies.next() != nil {} }
      guard var reply = try await group.next() else {
        throw DubboError(.internal, "the provider ended without an answer")
      }
      reply.headers = context.responseHeaders
      reply.trailers.append(contentsOf: context.responseTrailers)
      return reply
    }
  }
}

/// Publishes the response headers with the first reply, as a connection does.
private struct InProcessReplies: MessageWriter {
  let pipe: MessagePipe
  let context: ServerContext

  func write(_ message: [UInt8]) async throws {
    pipe.setHeaders(context.responseHeaders)
    try await pipe.write(message)
  }

  func finish() async throws {
    pipe.setHeaders(context.responseHeaders)
    pipe.finish()
  }
}
