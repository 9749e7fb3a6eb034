import DubboIO
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite(.serialized) struct SignalWaitTests {
  @Test func `the first signal is returned`() async throws {
    for _ in 0..<3 {
      let signal = try await ProcessSignal.first(of: [SIGUSR1, SIGUSR2]) { kill(getpid(), SIGUSR2) }
      #expect(signal == SIGUSR2)
    }
  }

  @Test func `a signal that comes several times ends one wait`() async throws {
    let signal = try await ProcessSignal.first(of: [SIGUSR1]) { for _ in 0..<100 { raise(SIGUSR1) } }
    #expect(signal == SIGUSR1)
  }

  @Test func `what the process did with the signal before comes back`() async throws {
    signal(SIGUSR2, SIG_IGN)
    defer { signal(SIGUSR2, SIG_DFL) }
    _ = try await ProcessSignal.first(of: [SIGUSR2]) { kill(getpid(), SIGUSR2) }
    // Were it not ignored, the process would end here.
    kill(getpid(), SIGUSR2)
    #expect(try await ProcessSignal.first(of: [SIGUSR2]) { kill(getpid(), SIGUSR2) } == SIGUSR2)
  }

  @Test func `a cancelled wait returns without a signal`() async throws {
    let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
    try await withThrowingTaskGroup(of: CInt?.self) { group in
      group.addTask { try await ProcessSignal.first(of: [SIGUSR1]) { isReady.yield() } }
      for await _ in ready { break }
      group.cancelAll()
      let outcome = try await group.next()
      #expect(outcome == .some(nil))
    }
  }

  @Test func `a wait that is cancelled before it begins returns`() async throws {
    try await withThrowingTaskGroup(of: CInt?.self) { group in
      group.cancelAll()
      group.addTask { try await ProcessSignal.first(of: [SIGUSR1]) }
      let outcome = try await group.next()
      #expect(outcome == .some(nil))
    }
  }
}
