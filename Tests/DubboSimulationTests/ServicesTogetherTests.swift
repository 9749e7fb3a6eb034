import DubboCore
import DubboIO
import DubboTriple
import Synchronization
import TestDoubles
import Testing

@Suite struct ServicesTogetherTests {
  private static let method = MethodDescriptor(service: "second", name: "unary", kind: .unary)

  @Test func `case 45: a provider that starts anew knows all its services before anybody can call one`() async throws {
    var apart = 0
    for seed in 1...40 as ClosedRange<UInt64> {
      await Task.yield()
      let together = try Self.unimplemented(seed: seed, isTogether: true)
      #expect(together == 0, "seed \(seed)")
      apart += try Self.unimplemented(seed: seed, isTogether: false)
    }
    #expect(apart > 0, "the callers come too late to see a service that is missing")
  }

  /// How often a caller of the second of two services, who tries from before their provider is there, hears that there
  /// is no such service.
  private static func unimplemented(seed: UInt64, isTogether: Bool) throws -> Int {
    let network = SimulatedNetwork(seed: seed)
    defer { network.shutDown() }
    network.weather.hesitation = 0...2_000_000
    var settings = TripleSettings()
    settings.seed = seed
    settings.backoff = Backoff(base: .microseconds(50), maximum: .microseconds(50))
    let clock = network.clock
    let server = TripleProtocol(settings: settings, group: network.makeGroup(count: 1), log: .silent, clock: clock)
    let client = TripleProtocol(settings: settings, group: network.makeGroup(count: 1), log: .silent, clock: clock)
    let services = ["first", "second"].map { name in
      ServiceExport(
        Silent(), methods: [MethodDescriptor(service: name, name: "unary", kind: .unary)],
        at: DubboURL(scheme: "tri", host: "10.0.0.1", port: 1, path: name))
    }
    let endpoint = try client.endpoint(for: DubboURL(scheme: "tri", host: "10.0.0.1", port: 1, path: "second"))
    let told = Mutex((unimplemented: 0, isDone: false))
    Task(executorPreference: network.pool) {
      while !told.withLock({ $0.isDone }) {
        do {
          _ = try await endpoint.invoke(Invocation(method: method, body: .message([])))
          told.withLock { $0.isDone = true }
        } catch {
          if DubboError.wrapping(error).code == .unimplemented { told.withLock { $0.unimplemented += 1 } }
          try await clock.sleep(for: .microseconds(20))
        }
      }
    }
    Task(executorPreference: network.pool) {
      try await clock.sleep(for: .milliseconds(5))
      if isTogether {
        _ = try await server.export(services)
      } else {
        for service in services {
          _ = try await server.export(service.invoker, methods: service.methods, at: service.url)
        }
      }
    }
    #expect(network.run(for: .seconds(10)) { told.withLock { $0.isDone } })
    return told.withLock { $0.unimplemented }
  }

  private struct Silent: Invoker {
    func invoke(_ invocation: Invocation) async throws -> Reply { Reply() }
  }
}
