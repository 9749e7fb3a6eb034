public import Dubbo
internal import Synchronization

/// A network that exists only in this process: applications that share it provide and call services with no socket.
///
///     let network = InProcessNetwork()
///     let app = DubboApplication(
///       name: "test", protocols: ["inproc://provider-1:0"], registries: ["memory://shared"],
///       extensions: network.extensions)
///
/// `extensions` also shares one in-memory registry, so that applications find each other.
public final class InProcessNetwork: Sendable {
  private struct State {
    var services: [String: [(id: UInt64, key: ServiceKey, invoker: any Invoker)]] = [:]
    var lastPort: UInt16 = 1_000
    var lastID: UInt64 = 0
    var refusing: Set<String> = []
  }

  /// The scheme of this network's URLs.
  public static let scheme = "inproc"

  private let state = Mutex(State())
  private let catalog: ExtensionCatalog

  public init() {
    catalog = .builtIn
  }

  /// The built-in extensions, this network's protocol, and one registry `memory://` for all.
  public var extensions: ExtensionCatalog {
    var catalog = catalog
    catalog.register(Self.scheme, for: RPCProtocols.self) { [self] context in
      InProcessProtocol(network: self, clock: context.clock)
    }
    return catalog
  }

  /// Makes every call to `address` (`host:port`) fail as if nobody listened there, or ends that.
  public func setRefusing(_ isRefusing: Bool, at address: String) {
    state.withLock { state in
      if isRefusing { state.refusing.insert(address) } else { state.refusing.remove(address) }
    }
  }

  func bind(_ invoker: any Invoker, at url: DubboURL) throws -> (url: DubboURL, id: UInt64) {
    try state.withLock { state in
      var url = url
      if url.port == nil || url.port == 0 {
        guard state.lastPort < .max else {
          throw DubboError(.resourceExhausted, "the in-process network has no port left", reason: .limit)
        }
        state.lastPort += 1
        url.port = state.lastPort
      }
      state.lastID += 1
      state.services[url.address, default: []].append((state.lastID, ServiceKey(url), invoker))
      return (url, state.lastID)
    }
  }

  func rebind(_ id: UInt64, at address: String, to invoker: any Invoker) {
    state.withLock { state in
      guard let place = state.services[address]?.firstIndex(where: { $0.id == id }) else { return }
      state.services[address]?[place].invoker = invoker
    }
  }

  func unbind(_ id: UInt64, at address: String) {
    state.withLock { $0.services[address]?.removeAll { $0.id == id } }
  }

  /// The service that answers `invocation` at `url`; throws what a connection would.
  func service(for invocation: Invocation, at url: DubboURL) throws -> any Invoker {
    try state.withLock { state in
      let services = state.services[url.address] ?? []
      guard !services.isEmpty, !state.refusing.contains(url.address) else {
        throw DubboError(
          .unavailable, "connection to \(url.address) refused", reason: .connection, progress: .notSent)
      }
      let wanted = ServiceKey(interface: invocation.method.service, group: url.group, version: url.version)
      guard let service = services.last(where: { $0.key.answers(wanted) }) else {
        throw DubboError(.unimplemented, "\(url.address) has no service \(wanted)", progress: .answered)
      }
      return service.invoker
    }
  }
}

/// The protocol of an `InProcessNetwork`, as one application has it.
final class InProcessProtocol: RPCProtocol {
  private let network: InProcessNetwork
  private let clock: any DubboClock
  private let exporters = Mutex<[InProcessExporter]>([])

  init(network: InProcessNetwork, clock: any DubboClock) {
    self.network = network
    self.clock = clock
  }

  var name: String { InProcessNetwork.scheme }

  func endpoint(for url: DubboURL) throws -> any Endpoint {
    InProcessEndpoint(url: url, service: Lookup(network: network, url: url), clock: clock)
  }

  func export(_ service: any Invoker, methods: [MethodDescriptor], at url: DubboURL) async throws -> any Exporter {
    let bound = try network.bind(service, at: url)
    let exporter = InProcessExporter(url: bound.url, id: bound.id, network: network)
    exporters.withLock { $0.append(exporter) }
    return exporter
  }

  /// Running calls end by themselves: they have no connection that could be closed under them.
  func shutDown(grace: Duration) async {
    for exporter in exporters.withLock({ $0 }) { await exporter.unexport() }
  }

  private struct Lookup: Invoker {
    let network: InProcessNetwork
    let url: DubboURL

    func invoke(_ invocation: Invocation) async throws -> Reply {
      try await network.service(for: invocation, at: url).invoke(invocation)
    }
  }
}

final class InProcessExporter: Exporter {
  let url: DubboURL
  private let id: UInt64
  private let network: InProcessNetwork

  init(url: DubboURL, id: UInt64, network: InProcessNetwork) {
    self.url = url
    self.id = id
    self.network = network
  }

  func replace(with service: any Invoker) {
    network.rebind(id, at: url.address, to: service)
  }

  func unexport() async {
    network.unbind(id, at: url.address)
  }
}
