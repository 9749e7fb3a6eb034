import DubboCluster
import DubboCore
import DubboRegistry
import Synchronization
import Testing

/// Attempts to connect that last until the test ends them.
private final class Attempts: Sendable {
  private struct State {
    var begun: [UInt16] = []
    var underWay: [UInt16: AsyncStream<Never>.Continuation] = [:]
    var most = 0
  }

  private let state = Mutex(State())

  var begun: [UInt16] { state.withLock { $0.begun } }
  var underWay: Set<UInt16> { state.withLock { Set($0.underWay.keys) } }
  /// The largest number at a time.
  var most: Int { state.withLock { $0.most } }

  func attempt(_ port: UInt16) async {
    let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
    state.withLock { state in
      state.begun.append(port)
      state.underWay[port] = continuation
      state.most = max(state.most, state.underWay.count)
    }
    for await _ in stream {}
    state.withLock { _ = $0.underWay.removeValue(forKey: port) }
  }

  /// Ends some attempt.
  func endOne() {
    state.withLock { $0.underWay.min { $0.key < $1.key }?.value }?.finish()
  }

  /// Waits until so many have begun, and so many of them last.
  func until(begun: Int, underWay: Int) async {
    while !Task.isCancelled, state.withLock({ $0.begun.count != begun || $0.underWay.count != underWay }) {
      await Task.yield()
    }
  }
}

private struct SlowEndpoint: Endpoint {
  let url: DubboURL
  let attempts: Attempts

  var availability: Availability { .idle }
  func connect() async { await attempts.attempt(url.port ?? 0) }
  func close() async {}
  func invoke(_ invocation: Invocation) async throws -> Reply { Reply() }
}

@Suite(.timeLimit(.minutes(1))) struct EarlyConnectionsTests {
  private let registry = InMemoryRegistry()
  private let attempts = Attempts()

  private func directory(
    _ allowance: ConnectionAllowance = ConnectionAllowance(), of registry: (any Registry)? = nil
  ) -> RegistryDirectory {
    RegistryDirectory(
      consumer: DubboURL(scheme: "consumer", host: "", path: greeter.interface, parameters: ["connections": "2"]),
      registries: [registry ?? self.registry], protocols: ["tri"],
      context: ChoiceContext(random: RandomSource(seed: 1)),
      log: .silent, awaitsRules: false, allowance: allowance, onApplications: { _ in }
    ) { [attempts] in SlowEndpoint(url: $0, attempts: attempts) }
  }

  @Test func `every provider is connected to once, eight at a time, and those that come later too`() async throws {
    let directory = directory(of: StaticRegistry((1...20).map { provider($0) }))
    directory.connectEarly()
    try await running(directory) {
      await attempts.until(begun: 8, underWay: 8)
      // Time for what must not happen.
      for _ in 0..<100 { await Task.yield() }
      for ended in 0..<12 {
        await attempts.until(begun: 8 + ended, underWay: 8)
        attempts.endOne()
      }
      await attempts.until(begun: 20, underWay: 8)
      for left in (0..<8).reversed() {
        attempts.endOne()
        await attempts.until(begun: 20, underWay: left)
      }
    }
    #expect(Set(attempts.begun) == Set(1...20))
    // In an order of chance, not in that of the list.
    #expect(attempts.begun != attempts.begun.sorted())
    #expect(attempts.most == 8)
  }

  @Test func `a provider that comes later is connected to, and so is one that comes back`() async throws {
    let directory = directory()
    try await running(directory) {
      directory.connectEarly()
      for port in [1, 2] as [UInt16] {
        try await registry.register(provider(port))
        await attempts.until(begun: Int(port), underWay: 1)
        attempts.endOne()
        await attempts.until(begun: Int(port), underWay: 0)
      }
      // Another weight is not another provider.
      try await registry.register(provider(2, greeter.interface, ["weight": "7"]))
      while directory.snapshot.roster.candidates.last?.url.weight != 7 { await Task.yield() }
      try await registry.unregister(provider(1))
      while directory.snapshot.roster.count != 1 { await Task.yield() }
      try await registry.register(provider(1))
      await attempts.until(begun: 3, underWay: 1)
    }
    #expect(attempts.begun == [1, 2, 1])
  }

  @Test func `nobody is connected to where that is not wanted`() async throws {
    let directory = directory()
    try await running(directory) {
      try await registry.register(provider(1))
      while directory.snapshot.roster.isEmpty { await Task.yield() }
      #expect(attempts.begun.isEmpty)
      // What was there before it is wanted counts too.
      directory.connectEarly()
      await attempts.until(begun: 1, underWay: 1)
    }
  }

  @Test func `directories that share an allowance take no more together, and give back what they took`() async throws {
    let allowance = ConnectionAllowance(6)
    let (first, second) = (
      directory(allowance), directory(allowance, of: StaticRegistry((11...20).map { provider($0) }))
    )
    for directory in [first, second] { directory.connectEarly() }
    try await running(first) {
      for port in 1...2 { try await registry.register(provider(UInt16(port))) }
      await attempts.until(begun: 2, underWay: 2)
      // Each has two connections.
      try await running(second) { await attempts.until(begun: 3, underWay: 3) }
      try await registry.register(provider(3))
      await attempts.until(begun: 4, underWay: 3)
      try await registry.register(provider(4))
      while first.snapshot.roster.count != 4 { await Task.yield() }
      #expect(attempts.begun.count == 4)
      try await registry.unregister(provider(1))
      await attempts.until(begun: 5, underWay: 4)
    }
    #expect(attempts.begun.filter { $0 < 10 }.sorted() == [1, 2, 3, 4])
  }

  @Test func `a directory ends while it connects`() async throws {
    let directory = directory(of: StaticRegistry((1...3).map { provider($0) }))
    directory.connectEarly()
    try await running(directory) { await attempts.until(begun: 3, underWay: 3) }
    #expect(attempts.underWay.isEmpty)
  }
}
