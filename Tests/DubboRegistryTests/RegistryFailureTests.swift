import DubboCluster
import DubboCore
import DubboRegistry
import Synchronization
import TestDoubles
import Testing

/// Cases of the list of failures: what registries do to a directory and its connections.
@Suite(.timeLimit(.minutes(1))) struct RegistryFailureTests {
  private let clock = VirtualClock()
  private let registry = MovingRegistry()
  private let connections = Connections()

  private func url(_ number: Int, _ parameters: URLParameters = [:]) -> DubboURL {
    DubboURL(
      scheme: "tri", host: "10.0.0.\(number)", port: 50051, path: greeter.interface,
      parameters: URLParameters([("interface", greeter.interface)] + parameters.map { ($0.name, $0.value) }))
  }

  private func running(_ body: (RegistryDirectory) async throws -> Void) async throws {
    let consumer = DubboURL(scheme: "consumer", host: "", path: greeter.interface)
    let directory = RegistryDirectory(
      consumer: consumer, registries: [registry], protocols: ["tri"], context: ChoiceContext(clock: clock),
      log: .silent
    ) { [connections] in connections.open($0) }
    try await withThrowingTaskGroup { group in
      group.addTask { await directory.run() }
      try await body(directory)
      group.cancelAll()
      try await group.waitForAll()
    }
    #expect(connections.open.isEmpty)
  }

  /// Tells `providers` and waits until the directory has heard of it.
  private func tell(
    _ providers: [DubboURL], trouble: String? = nil, _ directory: RegistryDirectory,
    until condition: ([DubboURL]) -> Bool
  ) async {
    registry.tell(providers, trouble: trouble)
    while !condition(directory.snapshot.roster.candidates.map(\.url)) { await Task.yield() }
  }

  private var call: Invocation {
    Invocation(
      method: MethodDescriptor(service: greeter.interface, name: "greet", kind: .unary), body: .message([]),
      deadline: clock.now.advanced(by: .seconds(3)))
  }

  @Test func `case 34: a registry that flaps every two seconds for five minutes costs no call and no connection`()
    async throws
  {
    let all = (1...3).map { url($0) }
    try await running { directory in
      await tell(all, directory) { $0.count == 3 }
      let opened = connections.openedCount
      for round in 0..<150 {
        switch round % 3 {
        case 0: registry.tell([], trouble: "the connection is lost")
        case 1: registry.tell([])
        default: registry.tell(all)
        }
        clock.advance(by: .seconds(2))
        for _ in 0..<10 { await Task.yield() }
        let roster = try await directory.list(call)
        #expect(roster.count == 3)
      }
      #expect(connections.openedCount == opened)
      #expect(registry.subscriptions == 1)
    }
  }

  @Test func `case 32: ten minutes without the registry change nothing, and then its news count`() async throws {
    try await running { directory in
      await tell([url(1), url(2)], directory) { $0.count == 2 }
      registry.tell([], trouble: "cannot connect")
      for _ in 0..<600 {
        clock.advance(by: .seconds(1))
        let roster = try await directory.list(call)
        #expect(roster.count == 2)
      }
      await tell([url(2), url(3)], directory) { $0.map(\.host) == ["10.0.0.2", "10.0.0.3"] }
      #expect(connections.openedCount == 3)
    }
  }

  @Test func `case 36: duplicates, new timestamps, weight zero and half of the list keep the connections that stay`()
    async throws
  {
    try await running { directory in
      await tell((1...4).map { url($0) }, directory) { $0.count == 4 }
      #expect(connections.openedCount == 4)
      await tell([url(1), url(1, ["weight": "0"]), url(2, ["timestamp": "1800000000000"]), url(3), url(4)], directory) {
        $0.count == 4 && $0.first?.weight == 0 && $0[1].timestamp > 0
      }
      #expect(connections.openedCount == 4)
      await tell([url(1), url(2), url(3, ["disabled": "true"]), url(4, ["enabled": "false"])], directory) {
        $0.count == 2
      }
      while connections.open.count != 2 { await Task.yield() }
      #expect(connections.openedCount == 4)
    }
  }

  @Test func `case 37: one of fifty comes or goes five hundred times, and there is a connection for each provider`()
    async throws
  {
    var generator = SeededGenerator(seed: 37)
    var present = Array(1...50)
    var next = 51
    try await running { directory in
      await tell(present.map { url($0) }, directory) { $0.count == present.count }
      for _ in 0..<500 {
        if present.count < 50 {
          present.append(next)
          next += 1
        } else {
          present.remove(at: Int.random(in: 0..<present.count, using: &generator))
        }
        let hosts = present.map { "10.0.0.\($0)" }
        await tell(present.map { url($0) }, directory) { $0.map(\.host) == hosts }
        let roster = try await directory.list(call)
        let endpoint = try #require(roster.candidates.randomElement(using: &generator)?.endpoint)
        _ = try await endpoint.invoke(call)
        clock.advance(by: .milliseconds(100))
      }
      while connections.open.count != present.count { await Task.yield() }
      #expect(connections.openedCount == next - 1)
    }
  }

  @Test func `case 39: malformed entries are left out and the good ones serve`() async throws {
    let consumer = DubboURL(scheme: "consumer", host: "", path: greeter.interface)
    let directory = RegistryDirectory(
      consumer: consumer, registries: [registry], protocols: ["tri"], context: ChoiceContext(clock: clock),
      log: .silent
    ) { url in
      if url["broken"] != nil { throw DubboError(.invalidArgument, "no such endpoint", reason: .configuration) }
      return connections.open(url)
    }
    try await withThrowingTaskGroup { group in
      group.addTask { await directory.run() }
      let bad = [
        url(8, ["broken": "1"]), DubboURL(scheme: "dubbo", host: "10.0.0.9", port: 20880, path: greeter.interface),
      ]
      await tell([url(1)] + bad + [url(2)], directory) { $0.map(\.host) == ["10.0.0.1", "10.0.0.2"] }
      group.cancelAll()
      try await group.waitForAll()
    }
  }
}

/// A registry that says what a test tells it to say.
private final class MovingRegistry: Registry {
  private struct State {
    var last = RegistrySnapshot(version: 0, providers: [], trouble: "nothing is known yet")
    var readers: [AsyncStream<RegistrySnapshot>.Continuation] = []
  }

  let url = DubboURL(scheme: "memory", host: "moving")
  private let state = Mutex(State())

  var subscriptions: Int { state.withLock { $0.readers.count } }

  func tell(_ providers: [DubboURL], trouble: String? = nil) {
    state.withLock { state in
      state.last = RegistrySnapshot(version: state.last.version + 1, providers: providers, trouble: trouble)
      for reader in state.readers { reader.yield(state.last) }
    }
  }

  func register(_ provider: DubboURL) async throws {}
  func unregister(_ provider: DubboURL) async throws {}
  func run() async throws {}

  func subscribe(to service: ServiceKey) -> AsyncStream<RegistrySnapshot> {
    let (stream, reader) = AsyncStream.makeStream(of: RegistrySnapshot.self, bufferingPolicy: .bufferingNewest(1))
    state.withLock { state in
      state.readers.append(reader)
      reader.yield(state.last)
    }
    return stream
  }
}

/// The endpoints that a directory has opened.
private final class Connections: Sendable {
  private struct State {
    var open: Set<String> = []
    var opened = 0
  }

  private let state = Mutex(State())

  var open: Set<String> { state.withLock { $0.open } }
  var openedCount: Int { state.withLock { $0.opened } }

  func open(_ url: DubboURL) -> any Endpoint {
    state.withLock { state in
      state.open.insert(url.address)
      state.opened += 1
    }
    return Connection(url: url, all: self)
  }

  func close(_ url: DubboURL) { state.withLock { _ = $0.open.remove(url.address) } }

  private struct Connection: Endpoint {
    let url: DubboURL
    let all: Connections
    var availability: Availability { .ready }
    func close() async { all.close(url) }
    func invoke(_ invocation: Invocation) async throws -> Reply {
      guard all.open.contains(url.address) else {
        throw DubboError(.unavailable, "closed", reason: .connection, progress: .notSent)
      }
      return Reply()
    }
  }
}
