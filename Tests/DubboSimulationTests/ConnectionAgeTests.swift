import DubboCore
import DubboIO
import DubboTriple
import Synchronization
import TestDoubles
import Testing

@Suite struct ConnectionAgeTests {
  private static let method = MethodDescriptor(service: "x", name: "y", kind: .unary)

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `calls go on without a failure while their connections grow too old`(_ seed: UInt64) async throws {
    let network = SimulatedNetwork(seed: seed)
    defer { network.shutDown() }
    let clock = network.clock
    var settings = TripleSettings()
    settings.seed = seed
    settings.server.maxConnectionAge = .seconds(1)
    let server = TripleProtocol(settings: settings, group: network.makeGroup(count: 1), log: .silent, clock: clock)
    let client = TripleProtocol(settings: settings, group: network.makeGroup(count: 1), log: .silent, clock: clock)
    let told = Mutex((failures: [String](), closed: 0, isDone: false))
    Task(executorPreference: network.pool) {
      do {
        let url = DubboURL(scheme: "tri", host: "10.0.0.1", port: 1, path: "x")
        let endpoint = try client.endpoint(for: try await server.export(Silent(), methods: [Self.method], at: url).url)
        for _ in 0..<200 {
          do {
            _ = try await endpoint.invoke(Invocation(method: Self.method, body: .message([])))
          } catch {
            told.withLock { $0.failures.append("\(error)") }
          }
          try await clock.sleep(for: .milliseconds(50))
        }
        let closed = await server.metrics().closedConnections
        told.withLock { $0.closed = closed }
      } catch {
        told.withLock { $0.failures.append("\(error)") }
      }
      told.withLock { $0.isDone = true }
    }
    #expect(network.run(for: .seconds(60)) { told.withLock { $0.isDone } })
    #expect(told.withLock { $0.failures } == [])
    // Ten seconds, and each connection lives for one, give or take a tenth.
    #expect((8...11).contains(told.withLock { $0.closed }))
  }

  private struct Silent: Invoker {
    func invoke(_ invocation: Invocation) async throws -> Reply { Reply() }
  }
}
