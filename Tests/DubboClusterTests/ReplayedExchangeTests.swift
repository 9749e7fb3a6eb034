import DubboCluster
import DubboCore
import Synchronization
import Testing

@Suite struct ReplayedExchangeTests {
  /// A provider in this process that fails after it has read `readsBeforeFailing` messages, or echoes for ever.
  private struct EchoService: Invoker {
    var readsBeforeFailing: Int?
    var progress = DubboError.Progress.unknown
    var answersBeforeFailing = false

    func invoke(_ invocation: Invocation) async throws -> Reply {
      guard case .inbound(let streams) = invocation.body else { return Reply() }
      var reads = 0
      while true {
        if reads == readsBeforeFailing {
          throw DubboError(.unavailable, "gone", reason: .connection, progress: progress)
        }
        guard let message = try await streams.requests.next() else { return Reply(trailers: ["reads": "\(reads)"]) }
        reads += 1
        if readsBeforeFailing == nil || answersBeforeFailing { try await streams.replies.write(message) }
      }
    }
  }

  private func endpoint(_ number: Int, _ service: EchoService) -> FakeEndpoint {
    FakeEndpoint(number) { invocation in
      try await InProcessEndpoint(url: DubboURL(scheme: "tri", host: "h"), service: service).invoke(invocation)
    }
  }

  private func cluster(_ endpoints: [FakeEndpoint], _ memory: ReplayMemory = ReplayMemory()) -> FailoverCluster {
    let choice = context()
    return FailoverCluster(
      ClusterContext(
        directory: StaticDirectory(service: service, endpoints: endpoints, context: choice),
        url: DubboURL(scheme: "consumer", host: "h"), balances: BalanceTable(FirstOne()), choice: choice,
        replays: memory, log: .silent))
  }

  private final class Received: Sendable {
    private let messages = Mutex<[[UInt8]]>([])
    func append(_ message: [UInt8]) { messages.withLock { $0.append(message) } }
    var all: [[UInt8]] { messages.withLock { $0 } }
  }

  private func talk(_ count: Int, _ received: Received, size: Int = 1) -> Exchange {
    { requests, replies in
      for number in 0..<count {
        try await requests.write([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: size))
      }
      try await requests.finish()
      while let message = try await replies.next() { received.append(message) }
    }
  }

  @Test func `a stream goes through one provider when nothing fails`() async throws {
    let received = Received()
    let reply = try await cluster([endpoint(1, EchoService())]).invoke(.streamed(talk(100, received)))
    #expect(received.all == (0..<100).map { [UInt8($0)] })
    #expect(reply.trailers["reads"] == "100")
  }

  @Test(arguments: [0, 1, 3, 5])
  func `what was written is replayed to the next provider, once and in order`(reads: Int) async throws {
    let received = Received()
    let first = endpoint(1, EchoService(readsBeforeFailing: reads))
    let second = endpoint(2, EchoService(readsBeforeFailing: reads))
    let third = endpoint(3, EchoService())
    let reply = try await cluster([first, second, third]).invoke(.streamed(idempotent: true, talk(5, received)))
    #expect(received.all == (0..<5).map { [UInt8($0)] })
    #expect(reply.trailers["reads"] == "5")
    #expect(first.callCount == 1 && second.callCount == 1 && third.callCount == 1)
  }

  @Test func `a stream that may have been worked on is not replayed unless idempotent`() async {
    let second = endpoint(2, EchoService())
    let error = await #expect(throws: DubboError.self) {
      try await cluster([endpoint(1, EchoService(readsBeforeFailing: 1)), second]).invoke(
        .streamed(talk(5, Received())))
    }
    #expect(error?.message.contains("gone") == true)
    #expect(second.callCount == 0)
  }

  @Test func `cases 3 and 26: the first answer commits the call`() async {
    let received = Received()
    let second = endpoint(2, EchoService())
    await #expect(throws: DubboError.self) {
      try await cluster([endpoint(1, EchoService(readsBeforeFailing: 2, answersBeforeFailing: true)), second])
        .invoke(
          .streamed(idempotent: true) { requests, replies in
            try await requests.write([1])
            if let message = try await replies.next() { received.append(message) }
            try await requests.write([2])
            _ = try await replies.next()
            _ = try await replies.next()
          })
    }
    #expect(received.all == [[1]])
    #expect(second.callCount == 0)
  }

  @Test(arguments: [(65_536, true), (65_537, false)])
  func `case 26: a request of 64 KiB is replayed and one byte more is not`(bytes: Int, isReplayed: Bool) async throws {
    let second = endpoint(2, EchoService())
    let exchange: Exchange = { requests, replies in
      try await requests.write([UInt8](repeating: 1, count: bytes - 1))
      try await requests.write([2])
      try await requests.finish()
      while try await replies.next() != nil {}
    }
    let cluster = cluster([endpoint(1, EchoService(readsBeforeFailing: 2)), second])
    if isReplayed {
      _ = try await cluster.invoke(.streamed(idempotent: true, exchange))
    } else {
      await #expect(throws: DubboError.self) { try await cluster.invoke(.streamed(idempotent: true, exchange)) }
    }
    #expect(second.callCount == (isReplayed ? 1 : 0))
  }

  @Test(arguments: [(3, 2), (2, 1)])
  func `the records of all calls share one memory, and who finds no room is committed`(
    limit: Int, calls: Int
  ) async throws {
    let memory = ReplayMemory(limit: limit)
    let second = endpoint(2, EchoService())
    let cluster = cluster([endpoint(1, EchoService(readsBeforeFailing: 2)), second], memory)
    let exchange: Exchange = { requests, replies in
      for number in 0..<2 { try await requests.write([UInt8(number)]) }
      try await requests.finish()
      while try await replies.next() != nil {}
    }
    // One byte of the memory is another call's, for the whole time.
    let (written, wrote) = AsyncStream.makeStream(of: Void.self)
    let (over, end) = AsyncStream.makeStream(of: Void.self)
    let neighbour = self.cluster([endpoint(3, EchoService())], memory)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        _ = try await neighbour.invoke(
          .streamed { requests, _ in
            try await requests.write([7])
            wrote.yield()
            for await _ in over { break }
          })
      }
      for await _ in written { break }
      #expect(memory.heldBytes == 1)
      if calls == 2 {
        _ = try await cluster.invoke(.streamed(idempotent: true, exchange))
      } else {
        await #expect(throws: DubboError.self) { try await cluster.invoke(.streamed(idempotent: true, exchange)) }
      }
      end.finish()
      try await group.waitForAll()
    }
    #expect(second.callCount == calls - 1)
    #expect(memory.heldBytes == 0)
  }

  @Test func `messages without bytes are counted, too`() async throws {
    let second = endpoint(2, EchoService())
    let cluster = cluster([endpoint(1, EchoService(readsBeforeFailing: 16_385)), second])
    let error = await #expect(throws: DubboError.self) {
      try await cluster.invoke(
        .streamed(idempotent: true) { requests, replies in
          for _ in 0..<16_385 { try await requests.write([]) }
          _ = try await replies.next()
        })
    }
    #expect(error?.message.contains("gone") == true)
    #expect(second.callCount == 0)
  }

  @Test func `a long stream flows on after its record is full`() async throws {
    let received = Received()
    let unreachable = FakeEndpoint(1) { _ in
      throw DubboError(.unavailable, "refused", reason: .connection, progress: .notSent)
    }
    let reply = try await cluster([
      unreachable, endpoint(2, EchoService()),
    ])
    .invoke(
      .streamed { requests, replies in
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            for number in 0..<200 { try await requests.write([UInt8](repeating: UInt8(number), count: 4_096)) }
            try await requests.finish()
          }
          while let message = try await replies.next() { received.append(message) }
          try await group.waitForAll()
        }
      })
    #expect(received.all.count == 200)
    #expect(received.all.enumerated().allSatisfy { $0.element == [UInt8](repeating: UInt8($0.offset), count: 4_096) })
    #expect(reply.trailers["reads"] == "200")
  }

  @Test func `what the exchange throws ends the call and is not retried`() async {
    struct Oops: Error {}
    let second = endpoint(2, EchoService())
    await #expect(throws: Oops.self) {
      try await cluster([endpoint(1, EchoService()), second]).invoke(
        .streamed(idempotent: true) { requests, _ in
          try await requests.write([1])
          throw Oops()
        })
    }
    #expect(second.callCount == 0)
  }

  @Test func `an exchange that returns early is still served by another provider`() async throws {
    let reply = try await cluster([
      endpoint(1, EchoService(readsBeforeFailing: 0, progress: .refused)), endpoint(2, EchoService()),
    ])
    .invoke(
      .streamed { requests, _ in
        try await requests.write([1])
        try await requests.finish()
      })
    #expect(reply.trailers["reads"] == "1")
  }

  @Test func `when every provider fails the exchange and the caller get the error`() async {
    let seen = Box<StatusCode?>(nil)
    let error = await #expect(throws: DubboError.self) {
      try await cluster((1...3).map { endpoint($0, EchoService(readsBeforeFailing: 1)) }).invoke(
        .streamed(idempotent: true) { requests, replies in
          do {
            try await requests.write([1])
            _ = try await replies.next()
          } catch {
            seen.value = (error as? DubboError)?.code
            throw error
          }
        })
    }
    #expect(error?.code == .unavailable)
    #expect(seen.value == .unavailable)
  }

  @Test func `a failure after the first answer is told as it is, not as the end of the attempts that it causes`() async
  {
    // Whether the exchange or the attempt meets the failure first is a race, so many calls.
    for _ in 0..<300 {
      let provider = endpoint(1, EchoService(readsBeforeFailing: 2, answersBeforeFailing: true))
      let error = await #expect(throws: DubboError.self) {
        try await cluster([provider]).invoke(.streamed(talk(4, Received())))
      }
      #expect(error?.code == .unavailable)
    }
  }

  @Test func `cancelling the caller ends the stream`() async {
    let started = Box<CheckedContinuation<Void, Never>?>(nil)
    let cluster = cluster([endpoint(1, EchoService())])
    await withTaskGroup(of: Void.self) { group in
      await withCheckedContinuation { continuation in
        started.value = continuation
        group.addTask {
          let error = await #expect(throws: DubboError.self) {
            try await cluster.invoke(
              .streamed { requests, replies in
                try await requests.write([1])
                _ = try await replies.next()
                started.take()?.resume()
                _ = try await replies.next()
              })
          }
          #expect(error?.code == .cancelled)
        }
      }
      group.cancelAll()
    }
  }

  @Test func `headers are waited for across attempts`() async throws {
    let headers = Box<Metadata?>(nil)
    let second = FakeEndpoint(2) { invocation in
      try await InProcessEndpoint(url: DubboURL(scheme: "tri", host: "h"), service: Named()).invoke(invocation)
    }
    _ = try await cluster([endpoint(1, EchoService(readsBeforeFailing: 0, progress: .refused)), second]).invoke(
      .streamed { requests, replies in
        try await requests.finish()
        let received = try await replies.headers()
        headers.value = received
        while try await replies.next() != nil {}
      })
    #expect(headers.value?["name"] == "second")
  }

  private struct Named: Invoker {
    func invoke(_ invocation: Invocation) async throws -> Reply {
      invocation.server?.responseHeaders = ["name": "second"]
      return Reply()
    }
  }
}
