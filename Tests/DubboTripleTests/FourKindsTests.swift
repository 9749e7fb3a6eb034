import DubboCore
import DubboTriple
import Synchronization
import Testing

@Suite struct FourKindsTests {
  @Test func `a unary call brings message, headers and trailers back`() async throws {
    try await Pair.with { pair in
      let reply = try await pair.unary([1, 2, 3], ["x-echo": "e"])
      #expect(reply.message == [1, 2, 3])
      #expect(reply.headers["x-head"] == "e")
      #expect(reply.trailers["x-trail"] == "e")
      #expect(reply.headers["content-type"] == nil)
    }
  }

  @Test func `ten thousand unary calls share one connection`() async throws {
    try await Pair.with { pair in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for task in 0..<100 {
          group.addTask {
            for call in 0..<100 {
              let message = [UInt8(task), UInt8(call)]
              let reply = try await pair.unary(message)
              #expect(reply.message == message)
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test func `a client stream is answered by one message`() async throws {
    try await Pair.with { pair in
      let got = Mutex<[[UInt8]]>([])
      let exchange: Exchange = { requests, replies in
        for number in 1...3 { try await requests.write([UInt8(number)]) }
        try await requests.finish()
        while let reply = try await replies.next() { got.withLock { $0.append(reply) } }
      }
      _ = try await pair.endpoint.invoke(Invocation(method: EchoService.clientStream, body: .exchange(exchange)))
      #expect(got.withLock { $0 } == [[1, 2, 3]])
    }
  }

  @Test func `a server stream is read to its end and its headers come first`() async throws {
    try await Pair.with { pair in
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
      let reply = try await pair.endpoint.invoke(
        Invocation(method: EchoService.serverStream, body: .exchange(exchange), metadata: ["x-echo": "e"]))
      #expect(got.withLock { $0 } == 3)
      #expect(reply.trailers["x-trail"] == "e")
    }
  }

  @Test func `both directions run at the same time`() async throws {
    try await Pair.with { pair in
      let exchange: Exchange = { requests, replies in
        for number in 0..<200 {
          try await requests.write([UInt8(number)])
          #expect(try await replies.next() == [UInt8(number)])
        }
        try await requests.finish()
        #expect(try await replies.next() == nil)
      }
      _ = try await pair.endpoint.invoke(Invocation(method: EchoService.bidirectional, body: .exchange(exchange)))
    }
  }

  @Test func `messages larger than every window pass in both directions`() async throws {
    try await Pair.with { pair in
      let large = [UInt8](repeating: 7, count: 3_000_000)
      #expect(try await pair.unary(large).message == large)
      let exchange: Exchange = { requests, replies in
        for _ in 0..<3 {
          try await requests.write(large)
          #expect(try await replies.next() == large)
        }
      }
      _ = try await pair.endpoint.invoke(Invocation(method: EchoService.bidirectional, body: .exchange(exchange)))
    }
  }

  @Test func `a slow reader stops a fast writer, and nothing is lost`() async throws {
    try await Pair.with { pair in try await pair.endpoint.readStream(of: 5_000) }
  }

  @Test func `an exchange that stops reading an endless stream ends the call`() async throws {
    try await Pair.with { pair in
      let exchange: Exchange = { requests, replies in
        try await requests.write([1])
        #expect(try await replies.next() == [1])
      }
      _ = try await pair.endpoint.invoke(
        Invocation(method: EchoService.serverStream, body: .exchange(exchange), metadata: ["x-count": "1000000000"]))
      // The connection serves on.
      #expect(try await pair.unary([5]).message == [5])
    }
  }
}
