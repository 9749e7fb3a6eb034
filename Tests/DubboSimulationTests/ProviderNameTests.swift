import DubboCore
import DubboIO
import DubboTriple
import Synchronization
import TestDoubles
import Testing

/// Case 48: providers that are called by a host's name, and a resolver that a test rules.
@Suite struct ProviderNameTests {
  private static let method = MethodDescriptor(service: "x", name: "y", kind: .unary)

  /// What tasks tell the test.
  private final class Told: Sendable {
    private struct State {
      var outcome: Result<UInt8, DubboError>?
      var events = 0
    }
    private let state = Mutex(State())

    /// What the last call brought: the provider's number, or the failure.
    var outcome: Result<UInt8, DubboError>? {
      get { state.withLock { $0.outcome } }
      set { state.withLock { $0.outcome = newValue } }
    }
    /// How many providers have come or gone.
    var events: Int { state.withLock { $0.events } }
    func note() { state.withLock { $0.events += 1 } }
  }

  /// Two providers at two addresses, a name, and a caller of the name.
  private final class Room {
    let network = SimulatedNetwork(seed: 11)
    let servers: [TripleProtocol]
    let endpoint: any Endpoint
    let told = Told()

    init(nameAge: Duration? = .seconds(300)) throws {
      var settings = TripleSettings()
      settings.seed = 5
      settings.nameAge = nameAge
      settings.backoff = Backoff(base: .milliseconds(100), maximum: .milliseconds(100))
      let (network, clock) = (network, network.clock)
      servers = (0..<2).map { _ in
        TripleProtocol(settings: settings, group: network.makeGroup(count: 1), log: .silent, clock: clock)
      }
      let client = TripleProtocol(settings: settings, group: network.makeGroup(count: 1), log: .silent, clock: clock)
      endpoint = try client.endpoint(for: DubboURL(scheme: "tri", host: "shop.example", port: 1, path: "x"))
      for (place, server) in servers.enumerated() { Self.start(server, UInt8(place + 1), network.pool, told) }
      #expect(network.run(for: .seconds(5)) { told.events == 2 })
    }

    private static func start(_ server: TripleProtocol, _ number: UInt8, _ pool: SimulatedPool, _ told: Told) {
      Task(executorPreference: pool) {
        _ = try await server.export(
          Numbered(number: number), methods: [ProviderNameTests.method],
          at: DubboURL(scheme: "tri", host: "10.0.0.\(number)", port: 1, path: "x"))
        told.note()
      }
    }

    deinit { network.shutDown() }

    /// The name has these addresses from now on; none: the resolver knows no such name.
    func name(has numbers: [Int]) {
      network.names["shop.example"] =
        numbers.isEmpty ? nil : numbers.compactMap { SocketAddress(ip: "10.0.0.\($0)", port: 1) }
    }

    /// Calls once, and says which provider answered; nil when none did.
    func call() -> UInt8? {
      told.outcome = nil
      Task(executorPreference: network.pool) { [endpoint, told] in
        do {
          let reply = try await endpoint.invoke(Invocation(method: ProviderNameTests.method, body: .message([])))
          told.outcome = .success(reply.message.first ?? 0)
        } catch {
          told.outcome = .failure(.wrapping(error))
        }
      }
      #expect(network.run(for: .seconds(60)) { told.outcome != nil })
      return try? told.outcome?.get()
    }

    /// The provider is there no longer: its connections break.
    func stop(_ number: Int) {
      let before = told.events
      Task(executorPreference: network.pool) { [server = servers[number - 1], told] in
        await server.shutDown(grace: .zero)
        told.note()
      }
      #expect(network.run(for: .seconds(5)) { told.events > before })
      network.run(for: .seconds(1))
    }
  }

  private struct Numbered: Invoker {
    let number: UInt8
    func invoke(_ invocation: Invocation) async throws -> Reply { Reply(message: [number]) }
  }

  @Test func `case 48: a connection that broke is made anew to the addresses that the name has by then`() throws {
    let room = try Room()
    room.name(has: [1])
    #expect(room.call() == 1)
    room.name(has: [2])
    // Nobody asks while the connection lasts and its answer is young.
    #expect(room.call() == 1 && room.network.lookups == 1)
    room.stop(1)
    #expect(room.call() == 2)
  }

  @Test
  func `case 48: when the name is too old it is looked up, and calls move to its new addresses without a failure`()
    throws
  {
    let room = try Room(nameAge: .seconds(60))
    room.name(has: [1])
    #expect(room.call() == 1)
    room.name(has: [2])
    room.network.run(for: .seconds(59))
    #expect(room.call() == 1)
    room.network.run(for: .seconds(2))
    #expect(room.call() == 2)
    room.network.run(for: .seconds(200))
    #expect(room.call() == 2 && room.network.lookups >= 4)
  }

  @Test func `case 48: without an age a name is looked up for new connections only`() throws {
    let room = try Room(nameAge: nil)
    room.name(has: [1])
    #expect(room.call() == 1)
    room.network.run(for: .seconds(1_000))
    #expect(room.call() == 1 && room.network.lookups == 1)
  }

  @Test(arguments: [true, false])
  func `case 48: old addresses go on to work when the name is gone, or the resolver takes thirty seconds`(
    isGone: Bool
  ) throws {
    let room = try Room(nameAge: .seconds(60))
    room.name(has: [1, 2])
    let first = try #require(room.call())
    if isGone { room.name(has: []) } else { room.network.resolverDelay = .seconds(30) }
    // The refresh fails, and the connection stays.
    room.network.run(for: .seconds(100))
    #expect(room.call() == first)
    // A new connection is made to what was known.
    room.stop(Int(first))
    let start = room.network.now
    #expect(room.call() == 3 - first)
    #expect(start.duration(to: room.network.now) < .seconds(3))
  }

  @Test func `case 48: a name that was never known fails in time, with the reason, and works when it comes`() throws {
    let room = try Room()
    #expect(room.call() == nil)
    #expect("\(room.told.outcome as Any)".contains("shop.example"))
    room.network.resolverDelay = .seconds(30)
    room.network.run(for: .seconds(1))
    let start = room.network.now
    #expect(room.call() == nil)
    #expect(start.duration(to: room.network.now) <= .seconds(4))
    room.network.resolverDelay = .zero
    room.name(has: [2])
    room.network.run(for: .seconds(40))
    #expect(room.call() == 2)
  }
}
