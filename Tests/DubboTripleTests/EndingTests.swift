import DubboCore
import DubboTriple
import Testing

@Suite struct EndingTests {
  @Test func `a provider's error reaches the caller whole`() async throws {
    try await Pair.with { pair in
      let error = await failure { _ = try await pair.unary([], ["x-fail": "NOT_FOUND", "x-echo": "e"]) }
      #expect(error?.code == .notFound)
      #expect(error?.message == "as asked: 100 % + ü")
      #expect(error?.metadata["x-why"] == "test")
      #expect(error?.metadata["x-trail"] == "e")
      #expect(error?.progress == .answered)
    }
  }

  @Test func `an unknown method and an unknown service are UNIMPLEMENTED`() async throws {
    try await Pair.with { pair in
      let method = MethodDescriptor(service: EchoService.name, name: "nothing", kind: .unary)
      let error = await failure {
        _ = try await pair.endpoint.invoke(Invocation(method: method, body: .message([])))
      }
      #expect(error?.code == .unimplemented)
      var url = pair.url
      url.path = "test.Other"
      let other = try pair.client.endpoint(for: url)
      let service = MethodDescriptor(service: "test.Other", name: "unary", kind: .unary)
      let second = await failure { _ = try await other.invoke(Invocation(method: service, body: .message([]))) }
      #expect(second?.code == .unimplemented)
    }
  }

  @Test func `a method is found with its first letter in either case`() async throws {
    try await Pair.with { pair in
      let method = MethodDescriptor(service: EchoService.name, name: "Unary", kind: .unary)
      let reply = try await pair.endpoint.invoke(Invocation(method: method, body: .message([4])))
      #expect(reply.message == [4])
    }
  }

  @Test func `a deadline ends the call at the caller and cancels the method`() async throws {
    let service = EchoService()
    try await Pair.with(service) { pair in
      // On a connection that stands, with time enough to reach the method under a sanitizer on a busy machine.
      _ = try await pair.unary([1])
      let error = await failure {
        _ = try await pair.unary([], ["x-wait": "1"], deadline: .now.advanced(by: .milliseconds(500)))
      }
      #expect(error?.code == .deadlineExceeded)
      let next = try await pair.unary([1])
      #expect(next.message == [1])
    }
    #expect(service.cancellations.value == 1)
  }

  @Test func `cancelling the caller's task cancels the method`() async throws {
    let service = EchoService()
    try await Pair.with(service) { pair in
      _ = try await pair.unary([])
      let code = await withTaskGroup(of: StatusCode?.self) { group in
        group.addTask { await failure { _ = try await pair.unary([], ["x-wait": "1"]) }?.code }
        group.cancelAll()
        return await group.next() ?? nil
      }
      #expect(code == .cancelled)
    }
  }

  @Test func `case 19: a message over the limit is refused and its neighbours go on`() async throws {
    var settings = TripleSettings()
    settings.server.maxMessageSize = 1_000
    try await Pair.with(server: settings) { pair in
      async let neighbour = pair.unary([1])
      let error = await failure { _ = try await pair.unary([UInt8](repeating: 0, count: 1_001)) }
      #expect(error?.code == .resourceExhausted)
      let other = try await neighbour
      #expect(other.message == [1])
      let largest = try await pair.unary([UInt8](repeating: 0, count: 1_000))
      #expect(largest.message.count == 1_000)
    }
  }

  @Test func `an address where nobody listens is UNAVAILABLE and nothing was sent`() async throws {
    // Its rest after the failure outlasts any test.
    var settings = TripleSettings()
    settings.backoff = Backoff(base: .seconds(100))
    let client = try TripleProtocol(settings: settings, loops: 1, log: .silent)
    let endpoint = try client.endpoint(for: DubboURL(scheme: "tri", host: "127.0.0.1", port: 1))
    let error = await failure {
      _ = try await endpoint.invoke(Invocation(method: EchoService.unary, body: .message([])))
    }
    #expect(error?.code == .unavailable)
    #expect(error?.progress == .notSent)
    #expect(endpoint.availability == .unavailable)
    await client.shutDown(grace: .zero)
  }

  @Test func `metadata that HTTP can't carry is refused before it is sent`() async throws {
    try await Pair.with { pair in
      let error = await failure { _ = try await pair.unary([], ["x-bad": "a\r\nb: c"]) }
      #expect(error?.code == .invalidArgument)
      #expect(error?.progress == .notSent)
      let next = try await pair.unary([1])
      #expect(next.message == [1])
    }
  }

  @Test func `a graceful end lets the running call end, and the address is free`() async throws {
    let service = EchoService()
    let server = try TripleProtocol(loops: 1, log: .silent)
    let client = try TripleProtocol(loops: 1, log: .silent)
    let url = DubboURL(scheme: "tri", host: "127.0.0.1", port: 0, path: EchoService.name)
    let exporter = try await server.export(service, methods: EchoService.methods, at: url)
    let endpoint = try client.endpoint(for: exporter.url)
    let isReading = Gate()
    let goOn = Gate()
    let exchange: Exchange = { requests, replies in
      try await requests.write([1])
      #expect(try await replies.next() == [1])
      isReading.open()
      try await goOn.wait()
      try await requests.write([2])
      #expect(try await replies.next() == [2])
      try await requests.finish()
      #expect(try await replies.next() == nil)
    }
    async let call = endpoint.invoke(Invocation(method: EchoService.bidirectional, body: .exchange(exchange)))
    try await isReading.wait()
    async let ending: Void = server.shutDown(grace: .seconds(30))
    goOn.open()
    _ = try await call
    await ending
    let again = try TripleProtocol(loops: 1, log: .silent)
    _ = try await again.export(service, methods: EchoService.methods, at: exporter.url)
    #expect(try await endpoint.invoke(Invocation(method: EchoService.unary, body: .message([3]))).message == [3])
    await again.shutDown(grace: .zero)
    await client.shutDown(grace: .zero)
  }

  @Test func `case 46: a call that does not end is ended with UNAVAILABLE when the grace is over`() async throws {
    try await Pair.with { pair in
      let isReading = Gate()
      let exchange: Exchange = { requests, replies in
        try await requests.write([1])
        _ = try await replies.next()
        isReading.open()
        while try await replies.next() != nil {}
      }
      async let error = failure {
        _ = try await pair.endpoint.invoke(Invocation(method: EchoService.bidirectional, body: .exchange(exchange)))
      }
      try await isReading.wait()
      await pair.server.shutDown(grace: .milliseconds(10))
      #expect(await error?.code == .unavailable)
    }
  }
}
