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
  private let ports = SharedInstances<String, ServerPort>()
  private let state = Mutex(State())

  private struct State {
    var ports: [ServerPort] = []
    var endpoints: [ObjectIdentifier: TripleEndpoint] = [:]
    var isShutDown = false
  }

  /// One export, which may have to open its port.
  private final class Opening: Sendable {
    let route: RouteTable.Service

    init(_ route: RouteTable.Service) { self.route = route }
  }

  /// A listening address.
  private final class ServerPort: Sendable {
    let side: ServerSide
    let listener: Listener
    /// Whose export opened it.
    let opening: Opening

    init(side: ServerSide, listener: Listener, opening: Opening) {
      self.side = side
      self.listener = listener
      self.opening = opening
    }

    var port: UInt16 { listener.addresses.first?.port ?? 0 }
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
  }

  /// Runs on loops that belong to someone else, such as a simulation's, and that live on after `shutDown`.
  package init(settings: TripleSettings, group: LoopGroup, log: Log, clock: any DubboClock) {
    self.settings = settings
    self.group = group
    self.log = log
    self.clock = clock
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
    let address = try ListenAddress(url)
    let key = ServiceKey(url)
    let path = url.path.isEmpty ? key.interface : url.path
    let route = RouteTable.Service(
      key: key, path: path, methods: methods, format: url.payloadFormat, invoker: service)
    let opening = Opening(route)
    let port: ServerPort
    if address.wantsAnyPort {
      let opened = try await open(address, opening)
      // Services that follow share it by the number that the system gave.
      var given = url
      given.port = opened.port
      port = try await ports.instance(of: ListenAddress(given).text) { opened }
    } else {
      port = try await ports.instance(of: address.text) { try await self.open(address, opening) }
    }
    if port.opening !== opening { port.side.add(route) }
    var bound = url
    if url.scheme != "unix" { bound.port = port.port }
    return TripleExporter(url: bound) { _ = port.side.remove(key, path: path) }
  }

  private func open(_ address: ListenAddress, _ opening: Opening) async throws -> ServerPort {
    guard !state.withLock({ $0.isShutDown }) else { throw Self.afterShutDown }
    let side = ServerSide(settings: settings, loops: group.loops, log: log)
    // Before anybody can connect: callers of a provider that starts anew know its address already.
    side.add(opening.route)
    let limits = settings.server
    let configuration = ListenerConfiguration(
      limits: ConnectionLimits(total: limits.maxConnections, perAddress: limits.maxConnectionsPerPeer),
      stream: StreamConfiguration(writeStallTimeout: limits.writeStall))
    do throws(IOFailure) {
      let listener = try await Listener(
        on: [address.endpoint], group: group, configuration: configuration, acceptor: side)
      let port = ServerPort(side: side, listener: listener, opening: opening)
      state.withLock { $0.ports.append(port) }
      return port
    } catch {
      throw DubboError(.unavailable, error.description, reason: .connection, cause: error)
    }
  }

  // MARK: Metrics

  public func metrics() async -> ConnectionMetrics {
    let (ports, endpoints) = state.withLock { ($0.ports, Array($0.endpoints.values)) }
    var sum = ConnectionMetrics()
    for port in ports {
      sum += await port.side.metrics()
      sum.refusedConnections += port.listener.gate.refusals
    }
    for endpoint in endpoints { sum += await endpoint.metrics() }
    sum.add(group.loops)
    return sum
  }

  // MARK: The end

  public func shutDown(grace: Duration) async {
    let (ports, endpoints) = state.withLock { state -> ([ServerPort], [TripleEndpoint]) in
      state.isShutDown = true
      defer {
        state.ports = []
        state.endpoints = [:]
      }
      return (state.ports, Array(state.endpoints.values))
    }
    await withTaskGroup(of: Void.self) { [clock] group in
      for port in ports {
        group.addTask {
          await port.listener.stop()
          await port.side.drain(grace: grace, clock: clock)
        }
      }
      for endpoint in endpoints { group.addTask { await endpoint.close() } }
    }
    await group.shutdown()
  }

  private static var afterShutDown: DubboError {
    DubboError(.unavailable, "the protocol has shut down", reason: .shutdown, progress: .notSent)
  }
}

/// A service that a port answers for.
private final class TripleExporter: Exporter {
  let url: DubboURL
  private let takeBack: @Sendable () -> Void

  init(url: DubboURL, takeBack: @escaping @Sendable () -> Void) {
    self.url = url
    self.takeBack = takeBack
  }

  func unexport() async {
    takeBack()
  }
}

/// Where a server listens, read from its URL: the host and port, or the socket's path under `unix.path`.
private struct ListenAddress {
  let endpoint: EndpointAddress

  init(_ url: DubboURL) throws {
    if let path = url["unix.path"] {
      endpoint = .unix(path: path)
    } else {
      let host = url["bind.ip"] ?? url.host
      endpoint = .tcp(host: host.isEmpty ? "0.0.0.0" : host, port: url.port ?? 50_051)
    }
  }

  var text: String { endpoint.description }

  var wantsAnyPort: Bool {
    if case .tcp(_, 0) = endpoint { return true }
    return false
  }
}
