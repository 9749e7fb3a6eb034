internal import DubboCore

/// Expands the request of a unary call and shrinks its reply around the service, in the task that the service has.
struct CodedInvoker: Invoker {
  let invoker: any Invoker
  let request: MessageCoding?
  let reply: MessageCoding?

  func invoke(_ invocation: Invocation) async throws -> Reply {
    var invocation = invocation
    if request != nil, case .message(let message) = invocation.body {
      invocation.body = .message(try await MessageCoding.expand(message, by: request))
    }
    var result = try await invoker.invoke(invocation)
    if let reply { result.message = await reply.shrink(result.message) }
    return result
  }
}
