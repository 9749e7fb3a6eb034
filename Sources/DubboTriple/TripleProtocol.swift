public import DubboCore
internal import DubboHTTP
package import DubboIO
internal import Synchronization

/// Dubbo's Triple protocol, compatible with gRPC over HTTP/2 (`tri://host:port/interface`).
///
/// One value serves and calls: services of one address share its port, and calls to one address share its
/// connections. Both run on the event loops that it owns until `shutDown`.
public final class TripleProtocol: RPCProtocol {
  private let settings: TripleSettings
  private let group: LoopGroup
  private let log: Log
  private let clock: any DubboClock
  private let ports: ServerPorts
  private let state = Mutex(State())

  private struct State {
    var endpoints: [ObjectIdentifier: TripleEndpoint] = [:]
    var isShutDown = false
  }

  /// Starts the event loops.
  ///
  /// - Parameter loops: how many; nil for one per processor. Throws when the system gives no thread or descriptor.
  public init(
    settings: TripleSettings = TripleSettings(), loops: Int? = nil, log: Log = Log(label: "dubbo.triple"),
    clock: any DubboClock = SystemClock()
  ) throws {
    self.settings = settings
    self.log = log
    self.clock = clock
    do {
      group = try LoopGroup(count: loops)
    } catch {
      throw DubboError(.unavailable, "the event loops could not start: \(error)", reason: .limit, cause: error)
    }
    ports = ServerPorts(settings: settings, group: group, log: log)
  }

  /// Runs on loops that belong to someone else, such as a simulation's, and that live on after `shutDown`.
  package init(settings: TripleSettings, group: LoopGroup, log: Log, clock: any DubboClock) {
    self.settings = settings
    self.group = group
    self.log = log
    self.clock = clock
    ports = ServerPorts(settings: settings, group: group, log: log)
  }

  public var name: String { "tri" }

  // MARK: Calling

  public func endpoint(for url: DubboURL) throws -> any Endpoint {
    let endpoint = try TripleEndpoint(url: url, settings: settings, group: group, log: log) { [weak self] endpoint in
      self?.state.withLock { $0.endpoints[ObjectIdentifier(endpoint)] = nil }
    }
    let isShutDown = state.withLock { state in
      if !state.isShutDown { state.endpoints[ObjectIdentifier(endpoint)] = endpoint }
      return state.isShutDown
    }
    guard !isShutDown else { throw Self.afterShutDown }
    return endpoint
  }

  // MARK: Serving

  public func export(
    _ service: any Invoker, methods: [MethodDescriptor], at url: DubboURL
  ) async throws -> any Exporter {
    try await ports.export([ServiceExport(service, methods: methods, at: url)])[0]
  }

  public func export(_ services: [ServiceExport]) async throws -> [any Exporter] {
    try await ports.export(services)
  }

  // MARK: Metrics

  public func metrics() async -> ConnectionMetrics {
    var sum = await ports.metrics()
    for endpoint in state.withLock({ Array($0.endpoints.values) }) { sum += await endpoint.metrics() }
    sum.add(group.loops)
    return sum
  }

  // MARK: The end

  public func shutDown(grace: Duration) async {
    let endpoints = state.withLock { state in
      state.isShutDown = true
      defer { state.endpoints = [:] }
      return state.endpoints.values
    }
    await withTaskGroup(of: Void.self) { [ports, clock] group in
      group.addTask { await ports.shutDown(grace: grace, clock: clock) }
      for endpoint in endpoints { group.addTask { await endpoint.close() } }
    }
    await group.shutdown()
  }

  static var afterShutDown: DubboError {
    DubboError(.unavailable, "the protocol has shut down", reason: .shutdown, progress: .notSent)
  }
}
