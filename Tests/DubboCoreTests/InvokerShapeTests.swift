import DubboCore
import Synchronization
import Testing

/// A provider with one method of each kind, written straight against the one invoker shape.
private struct EchoService: Invoker {
  func invoke(_ invocation: Invocation) async throws -> Reply {
    switch invocation.body {
    case .message(let message):
      if let code = invocation.metadata["x-fail"] {
        throw DubboError(StatusCode(name: code) ?? .unknown, "as asked")
      }
      invocation.server?.responseTrailers["x-trail"] = invocation.metadata["x-echo"]
      return Reply(message: message)
    case .inbound(let stream):
      invocation.server?.responseHeaders["x-head"] = invocation.metadata["x-echo"]
      var joined: [UInt8] = []
      while let message = try await stream.requests.next() {
        switch invocation.method.kind {
        case .bidirectional: try await stream.replies.write(message)
        case .serverStream: for _ in 0..<3 { try await stream.replies.write(message) }
        default: joined += message
        }
      }
      if invocation.method.kind == .clientStream { try await stream.replies.write(joined) }
      return Reply()
    case .exchange:
      throw DubboError(.internal, "a provider never sees an exchange")
    }
  }
}

/// Sees only `invoke`, and so counts the calls of all kinds that are under way.
private final class InFlight: Filter {
  let now = Mutex(0)
  let most = Mutex(0)

  func invoke(_ invocation: Invocation, next: (Invocation) async throws -> Reply) async throws -> Reply {
    let current = now.withLock { value in
      value += 1
      return value
    }
    most.withLock { $0 = max($0, current) }
    defer { now.withLock { $0 -= 1 } }
    return try await next(invocation)
  }
}

private let testURL = DubboURL(scheme: "injvm", host: "127.0.0.1")

@Suite struct InvokerShapeTests {
  let endpoint = InProcessEndpoint(url: testURL, service: EchoService())

  private func invocation(_ kind: MethodDescriptor.Kind, _ body: Invocation.Body) -> Invocation {
    Invocation(method: .init(service: "Echo", name: "\(kind)", kind: kind), body: body, metadata: ["x-echo": "e"])
  }

  @Test func `a unary call brings its message and trailers back`() async throws {
    let reply = try await endpoint.invoke(invocation(.unary, .message([1, 2])))
    #expect(reply.message == [1, 2])
    #expect(reply.trailers["x-trail"] == "e")
  }

  @Test func `a client stream is answered by one message`() async throws {
    let got = Mutex<[[UInt8]]>([])
    let exchange: Exchange = { requests, replies in
      for number in 1...3 { try await requests.write([UInt8(number)]) }
      try await requests.finish()
      while let reply = try await replies.next() { got.withLock { $0.append(reply) } }
    }
    _ = try await endpoint.invoke(invocation(.clientStream, .exchange(exchange)))
    #expect(got.withLock { $0 } == [[1, 2, 3]])
  }

  @Test func `a server stream is read to its end and its headers come first`() async throws {
    let got = Mutex(0)
    let exchange: Exchange = { requests, replies in
      try await requests.write([9])
      try await requests.finish()
      #expect(try await replies.headers()["x-head"] == "e")
      while let reply = try await replies.next() {
        #expect(reply == [9])
        got.withLock { $0 += 1 }
      }
    }
    _ = try await endpoint.invoke(invocation(.serverStream, .exchange(exchange)))
    #expect(got.withLock { $0 } == 3)
  }

  @Test func `both directions of a stream run at the same time`() async throws {
    let exchange: Exchange = { requests, replies in
      for number in 0..<100 {
        try await requests.write([UInt8(number)])
        #expect(try await replies.next() == [UInt8(number)])
      }
      try await requests.finish()
      #expect(try await replies.next() == nil)
    }
    _ = try await endpoint.invoke(invocation(.bidirectional, .exchange(exchange)))
  }

  @Test func `a filter sees a stream's true end`() async throws {
    let filter = InFlight()
    let chain = FilteredInvoker([filter], around: endpoint)
    let exchange: Exchange = { requests, replies in
      #expect(filter.now.withLock { $0 } == 1)
      try await requests.finish()
      _ = try await replies.next()
    }
    _ = try await chain.invoke(invocation(.bidirectional, .exchange(exchange)))
    _ = try await chain.invoke(invocation(.unary, .message([])))
    #expect(filter.now.withLock { $0 } == 0)
    #expect(filter.most.withLock { $0 } == 1)
  }

  @Test func `filters run from the first to the last and may answer by themselves`() async throws {
    struct Mark: Filter {
      let name: String
      let answersItself: Bool
      func invoke(_ invocation: Invocation, next: (Invocation) async throws -> Reply) async throws -> Reply {
        var inner = invocation
        inner.metadata.add(name, for: "x-path")
        if answersItself { return Reply(headers: inner.metadata) }
        return try await next(inner)
      }
    }
    let filters = [Mark(name: "a", answersItself: false), Mark(name: "b", answersItself: true)]
    let reply = try await FilteredInvoker(filters, around: endpoint).invoke(invocation(.unary, .message([])))
    #expect(reply.headers.values(for: "x-path") == ["a", "b"])
  }

  @Test func `a chain for one method has the filters that concern it, and its handler`() async throws {
    struct Only: Filter {
      let kind: MethodDescriptor.Kind
      func invoke(_ invocation: Invocation, next: (Invocation) async throws -> Reply) async throws -> Reply {
        var inner = invocation
        inner.metadata.add("\(kind)", for: "x-path")
        return try await next(inner)
      }
      func concerns(_ method: MethodDescriptor) -> Bool { method.kind == kind }
    }
    struct Table: MethodTable {
      func invoke(_ invocation: Invocation) async throws -> Reply { Reply(message: [1], headers: invocation.metadata) }
      func handler(of method: MethodDescriptor) -> MethodHandler? {
        guard method.kind == .unary else { return nil }
        return { Reply(message: [2], headers: $0.metadata) }
      }
    }
    let chain = FilteredInvoker([Only(kind: .unary), Only(kind: .serverStream)], around: Table())
    for (kind, message) in [(MethodDescriptor.Kind.unary, [2 as UInt8]), (.serverStream, [1])] {
      let call = invocation(kind, .message([]))
      let reply = try await chain.narrowed(to: call.method).invoke(call)
      #expect(reply.headers.values(for: "x-path") == ["\(kind)"])
      #expect(reply.message == message)
    }
    let whole = try await chain.invoke(invocation(.unary, .message([])))
    #expect(whole.headers.values(for: "x-path").count == 2)
  }

  @Test func `bracket filters run in their place among the others and end in reverse`() async throws {
    let log = Mutex<[String]>([])
    struct Around: Filter {
      let write: @Sendable (String) -> Void
      func invoke(_ invocation: Invocation, next: (Invocation) async throws -> Reply) async throws -> Reply {
        write("around \(invocation.metadata.values(for: "x-path"))")
        defer { write("around ends") }
        return try await next(invocation)
      }
    }
    let write: @Sendable (String) -> Void = { line in log.withLock { $0.append(line) } }
    let chain = FilteredInvoker(
      [
        Bracket(name: "a", write: write), Bracket(name: "b", write: write), Around(write: write),
        Bracket(name: "c", write: write),
      ], around: endpoint)
    _ = try await chain.invoke(invocation(.unary, .message([])))
    let down = ["a begins", "b begins", #"around ["a", "b"]"#, "c begins"]
    #expect(log.withLock { $0 } == down + ["c ends well", "around ends", "b ends well", "a ends well"])

    log.withLock { $0 = [] }
    var refused = invocation(.unary, .message([]))
    refused.metadata["x-refuse"] = "c"
    let error = await failure { _ = try await chain.invoke(refused) }
    #expect(error?.code == .permissionDenied)
    let code = StatusCode.permissionDenied.description
    #expect(log.withLock { $0 } == down + ["around ends", "b ends \(code)", "a ends \(code)"])
  }

  @Test func `a bracket that looks at the end only hears how calls end, alone and beside one that refuses`()
    async throws
  {
    let log = Mutex<[String]>([])
    let write: @Sendable (String) -> Void = { line in log.withLock { $0.append(line) } }
    var refused = invocation(.unary, .message([]))
    refused.metadata["x-refuse"] = "b"
    let code = StatusCode.permissionDenied.description

    let alone = FilteredInvoker([Ending(write: write)], around: endpoint)
    _ = try await alone.invoke(refused)
    let above = FilteredInvoker(
      [Ending(write: write)], around: FilteredInvoker([Bracket(name: "b", write: write)], around: endpoint))
    _ = await failure { _ = try await above.invoke(refused) }
    #expect(log.withLock { $0 } == ["ending well", "b begins", "ending \(code)"])

    log.withLock { $0 = [] }
    let beside = FilteredInvoker(
      [Bracket(name: "a", write: write), Ending(write: write), Bracket(name: "b", write: write), Ending(write: write)],
      around: endpoint)
    _ = await failure { _ = try await beside.invoke(refused) }
    let heard = log.withLock { $0.filter { $0 != "never said" } }
    #expect(heard == ["a begins", "b begins", "ending \(code)", "a ends \(code)"])
  }

  @Test func `the provider's error reaches the caller with its code`() async throws {
    var failing = invocation(.unary, .message([]))
    failing.metadata["x-fail"] = "NOT_FOUND"
    let error = await failure { _ = try await endpoint.invoke(failing) }
    #expect(error?.code == .notFound)
    #expect(error?.message == "as asked")
  }

  @Test func `an error of the caller's exchange ends the provider's stream`() async throws {
    struct Mine: Error {}
    let error = await failure {
      _ = try await endpoint.invoke(invocation(.bidirectional, .exchange { _, _ in throw Mine() }))
    }
    #expect(error?.cause is Mine)
  }

  @Test func `cancelling the caller ends a call that waits for ever`() async throws {
    let call = invocation(.bidirectional, .exchange { _, replies in _ = try await replies.next() })
    let code = await withTaskGroup(of: StatusCode?.self) { group in
      group.addTask { await failure { _ = try await endpoint.invoke(call) }?.code }
      group.cancelAll()
      return await group.next() ?? nil
    }
    #expect(code == .cancelled)
  }

  @Test func `a deadline that has passed ends a call that waits for ever`() async throws {
    var call = invocation(.bidirectional, .exchange { _, replies in _ = try await replies.next() })
    call.deadline = MonotonicInstant(nanoseconds: 1)
    let error = await failure { _ = try await endpoint.invoke(call) }
    #expect(error?.code == .deadlineExceeded)
  }

  @Test func `case 30: of two attempts at once one is taken and the other dropped`() async throws {
    let isDropped = Mutex(false)
    struct Hanging: Invoker {
      let onEnd: @Sendable () -> Void
      func invoke(_ invocation: Invocation) async throws -> Reply {
        defer { onEnd() }
        _ = try await MessagePipe().next()
        return Reply()
      }
    }
    let slow = InProcessEndpoint(url: testURL, service: Hanging { isDropped.withLock { $0 = true } })
    let call = invocation(.unary, .message([5]))
    let first = try await withThrowingTaskGroup(of: Reply.self) { group in
      group.addTask { try await slow.invoke(call) }
      group.addTask { try await endpoint.invoke(call) }
      defer { group.cancelAll() }
      return try await group.next()
    }
    #expect(first?.message == [5])
    #expect(isDropped.withLock { $0 })
  }
}

private struct Bracket: BracketFilter {
  let name: String
  let write: @Sendable (String) -> Void
  func begin(_ invocation: inout Invocation) throws {
    write("\(name) begins")
    if invocation.metadata["x-refuse"] == name { throw DubboError(.permissionDenied, "no") }
    invocation.metadata.add(name, for: "x-path")
  }
  func end(_ invocation: Invocation, _ error: (any Error)?) {
    write("\(name) ends \((error as? DubboError)?.code.description ?? "well")")
  }
}

/// Looks at the end only.
private struct Ending: BracketFilter {
  let write: @Sendable (String) -> Void
  var actsAtBegin: Bool { false }
  func begin(_ invocation: inout Invocation) throws { write("never said") }
  func end(_ invocation: Invocation, _ error: (any Error)?) {
    write("ending \((error as? DubboError)?.code.description ?? "well")")
  }
}
