import DubboCore
import DubboIO
import DubboTriple
import Synchronization
import TestDoubles
import Testing

@Suite struct ConnectionRestTests {
  @Test func `an endpoint that could not connect is available again when its rest is over, without a call`() throws {
    let network = SimulatedNetwork(seed: 1)
    defer { network.shutDown() }
    let group = LoopGroup(driven: [network.makeLoop()], descriptors: DescriptorBudget(limit: 100))
    let client = TripleProtocol(settings: TripleSettings(), group: group, log: .silent, clock: network.clock)
    let endpoint = try client.endpoint(for: DubboURL(scheme: "tri", host: "10.0.0.1", port: 1, path: "x"))
    let method = MethodDescriptor(service: "x", name: "y", kind: .unary)
    let failure = Mutex<DubboError?>(nil)
    Task(executorPreference: network.pool) {
      do {
        _ = try await endpoint.invoke(Invocation(method: method, body: .message([])))
      } catch {
        failure.withLock { $0 = DubboError.wrapping(error) }
      }
    }
    #expect(network.run(for: .seconds(1)) { failure.withLock { $0 != nil } })
    #expect(failure.withLock { $0?.progress } == .notSent)
    #expect(endpoint.availability == .unavailable)
    // A second, and its jitter.
    network.run(for: .milliseconds(790))
    #expect(endpoint.availability == .unavailable)
    network.run(for: .milliseconds(420))
    #expect(endpoint.availability == .idle)
  }
}
