import DubboCore
import Synchronization
import Testing

@Suite struct MessagePipeTests {
  @Test func `messages come out in their order and then the end, again and again`() async throws {
    let pipe = MessagePipe()
    pipe.offer([1])
    pipe.offer([2])
    pipe.finish()
    #expect(try await pipe.next() == [1])
    #expect(try await pipe.next() == [2])
    #expect(try await pipe.next() == nil)
    #expect(try await pipe.next() == nil)
  }

  @Test func `a thousand messages pass between two tasks`() async throws {
    let pipe = MessagePipe()
    async let sent: Void = {
      for number in 0..<1_000 { try await pipe.write([UInt8(number % 251), 7]) }
      pipe.finish()
    }()
    var received = 0
    while let message = try await pipe.next() {
      #expect(message == [UInt8(received % 251), 7])
      received += 1
    }
    try await sent
    #expect(received == 1_000)
  }

  @Test func `a writer waits above the mark until the reader has made room`() async throws {
    let pipe = MessagePipe()
    let large = [UInt8](repeating: 1, count: MessagePipe.high + 1)
    let isThrough = Mutex(false)
    async let writing: Void = {
      try await pipe.write(large)
      isThrough.withLock { $0 = true }
    }()
    // The message can be read while its writer still waits, and only the reading lets the writer go on.
    #expect(try await pipe.next()?.count == large.count)
    try await writing
    #expect(isThrough.withLock { $0 })
  }

  @Test func `a failure reaches a waiting reader and a waiting writer, and drops what was queued`() async throws {
    let pipe = MessagePipe()
    async let read = failure { _ = try await pipe.next() }
    pipe.fail(DubboError(.unavailable, "gone"))
    #expect(await read?.code == .unavailable)
    #expect(pipe.offer([1]) == false)
    #expect(await failure { try await pipe.write([1]) }?.code == .unavailable)
  }

  @Test func `a failure after a clean end that was read changes nothing`() async throws {
    let pipe = MessagePipe()
    pipe.finish()
    pipe.fail(DubboError(.unavailable, "late"))
    #expect(try await pipe.next() == nil)
  }

  @Test func `cancelling the task ends a wait with the cancelled code`() async throws {
    let pipe = MessagePipe()
    let code = await withTaskGroup(of: StatusCode?.self) { group in
      group.addTask { await failure { _ = try await pipe.next() }?.code }
      group.cancelAll()
      return await group.next() ?? nil
    }
    #expect(code == .cancelled)
  }

  @Test func `headers are waited for, and an end without any gives empty ones`() async throws {
    let pipe = MessagePipe()
    async let headers = pipe.headers()
    pipe.setHeaders(["a": "1"])
    pipe.setHeaders(["a": "2"])
    #expect(try await headers["a"] == "1")
    let bare = MessagePipe()
    bare.finish()
    #expect(try await bare.headers().isEmpty)
  }

  @Test func `each message taken is reported with its size`() async throws {
    let taken = Mutex<[Int]>([])
    let pipe = MessagePipe { bytes, _ in taken.withLock { $0.append(bytes) } }
    pipe.offer([1, 2, 3])
    pipe.offer([])
    _ = try await pipe.next()
    _ = try await pipe.next()
    #expect(taken.withLock { $0 } == [3, 0])
  }
}
