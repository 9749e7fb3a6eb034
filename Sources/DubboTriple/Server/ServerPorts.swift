internal import DubboCore
internal import DubboIO
internal import Synchronization

/// The ports that a protocol listens on, each made for the first services of its address and shared by those that follow.
final class ServerPorts: Sendable {
  private let settings: TripleSettings
  private let group: LoopGroup
  private let log: Log
  private let shared = SharedInstances<String, ServerPort>()
  private let state = Mutex(State())

  private struct State {
    var ports: [ServerPort] = []
    var isShutDown = false
  }

  /// Tells the services that come together and may have to open their port from those that come later. Without the
  /// services: what carries them out may be replaced, and the port lives on.
  private final class Opening: Sendable {}

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

  init(settings: TripleSettings, group: LoopGroup, log: Log) {
    self.settings = settings
    self.group = group
    self.log = log
  }

  /// Makes `services` callable; returns when their ports accept. When one port cannot be opened, no service is.
  func export(_ services: [ServiceExport]) async throws -> [any Exporter] {
    for service in services {
      if let name = service.url.compressor, settings.compressions[name] == nil {
        let known = settings.compressions.keys.sorted().joined(separator: ", ")
        throw DubboError(
          .invalidArgument,
          "\(ServiceKey(service.url)) wants the compressor '\(name)', and there is none; known: \(known)",
          reason: .configuration)
      }
    }
    var exporters: [(any Exporter)?] = services.map { _ in nil }
    do {
      let addresses = try services.map { try ListenAddress($0.url) }
      for index in services.indices where exporters[index] == nil {
        let together = services.indices.filter { addresses[$0].text == addresses[index].text }
        let routes = together.map { RouteTable.Service(services[$0]) }
        let opening = Opening()
        let port = try await port(at: addresses[index], services[index].url, routes, opening)
        if port.opening !== opening { port.side.add(routes) }
        for (index, route) in zip(together, routes) {
          var bound = services[index].url
          if bound.scheme != "unix" { bound.port = port.port }
          exporters[index] = TripleExporter(url: bound, side: port.side, key: route.key, path: route.path)
        }
      }
    } catch {
      for case let exporter? in exporters { await exporter.unexport() }
      throw error
    }
    return exporters.compactMap(\.self)
  }

  private func port(
    at address: ListenAddress, _ url: DubboURL, _ routes: [RouteTable.Service], _ opening: Opening
  ) async throws -> ServerPort {
    guard address.wantsAnyPort else {
      return try await shared.instance(of: address.text) { try await self.open(address, routes, opening) }
    }
    let opened = try await open(address, routes, opening)
    // Services that follow share it by the number that the system gave.
    var given = url
    given.port = opened.port
    return try await shared.instance(of: ListenAddress(given).text) { opened }
  }

  private func open(
    _ address: ListenAddress, _ routes: [RouteTable.Service], _ opening: Opening
  ) async throws -> ServerPort {
    guard !state.withLock({ $0.isShutDown }) else { throw TripleProtocol.afterShutDown }
    let side = ServerSide(settings: settings, loops: group.loops, log: log)
    // Before anybody can connect: callers of a provider that starts anew know its address already.
    side.add(routes)
    let limits = settings.server
    let configuration = ListenerConfiguration(
      limits: ConnectionLimits(total: limits.maxConnections, perAddress: limits.maxConnectionsPerPeer),
      stream: StreamConfiguration(writeStallTimeout: limits.writeStall), tls: settings.serverTLS)
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

  func metrics() async -> ConnectionMetrics {
    var sum = ConnectionMetrics()
    for port in state.withLock({ $0.ports }) {
      sum += await port.side.metrics()
      sum.refusedConnections += port.listener.gate.refusals
    }
    return sum
  }

  /// Takes no more connections, and returns when those that are open have ended.
  func shutDown(grace: Duration, clock: any DubboClock) async {
    let ports = state.withLock { state in
      state.isShutDown = true
      defer { state.ports = [] }
      return state.ports
    }
    await withDiscardingTaskGroup { group in
      for port in ports {
        group.addTask {
          await port.listener.stop()
          await port.side.drain(grace: grace, clock: clock)
        }
      }
    }
  }
}

extension RouteTable.Service {
  fileprivate init(_ service: ServiceExport) {
    let key = ServiceKey(service.url)
    self.init(
      key: key, path: service.url.path.isEmpty ? key.interface : service.url.path, methods: service.methods,
      format: service.format, compressor: service.url.compressor, invoker: service.invoker)
  }
}

/// A service that a port answers for.
private struct TripleExporter: Exporter {
  let url: DubboURL
  let side: ServerSide
  let key: ServiceKey
  let path: String

  func replace(with service: any Invoker) { side.replace(key, path: path, with: service) }
  func unexport() async { side.remove(key, path: path) }
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
