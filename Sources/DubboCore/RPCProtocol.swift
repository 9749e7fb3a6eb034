/// A wire protocol by its Dubbo name: how a URL becomes something that can be called, and a service something that
/// others can call.
public protocol RPCProtocol: Sendable {
  /// The scheme of its URLs, such as `tri`.
  var name: String { get }

  /// An endpoint for the provider at `url`. Nothing is connected before the first call, or the
  /// endpoint's `connect`.
  ///
  /// Throws `DubboError` when the URL makes no sense for this protocol.
  func endpoint(for url: DubboURL) throws -> any Endpoint

  /// Makes `service` callable at `url`; returns when the port accepts. Services of one address share its port.
  func export(_ service: any Invoker, methods: [MethodDescriptor], at url: DubboURL) async throws -> any Exporter

  /// Makes several services callable, in their order. Those of one address all are before its port accepts, so that no
  /// caller who knows the address from before is told that there is no such service.
  func export(_ services: [ServiceExport]) async throws -> [any Exporter]

  /// What its connections hold and have seen.
  func metrics() async -> ConnectionMetrics

  /// Ends everything the protocol holds: peers are told to go elsewhere, running calls get `grace` to end, then what
  /// is left is closed. The second time it does nothing.
  func shutDown(grace: Duration) async
}

extension RPCProtocol {
  /// Nothing, for a protocol without connections.
  public func metrics() async -> ConnectionMetrics { ConnectionMetrics() }

  /// One after another, for a protocol without connections. Those of one address whose port is 0 get the port of the
  /// first. What is callable when one fails is taken back.
  public func export(_ services: [ServiceExport]) async throws -> [any Exporter] {
    var exporters: [any Exporter] = []
    var given: [String: UInt16?] = [:]
    do {
      for service in services {
        var url = service.url
        if let port = given[url.address] { url.port = port }
        let exporter = try await export(service.invoker, methods: service.methods, at: url)
        given[service.url.address] = exporter.url.port
        exporters.append(exporter)
      }
    } catch {
      for exporter in exporters { await exporter.unexport() }
      throw error
    }
    return exporters
  }
}

/// A service that is to be callable: what carries out its calls, at which URL, with messages in which format.
public struct ServiceExport: Sendable {
  public var invoker: any Invoker
  public var methods: [MethodDescriptor]
  public var url: DubboURL
  /// What its messages are written in; a protocol that has no word for it on its wire need not look.
  public var format: PayloadFormat

  /// - Parameter format: nil for what `serialization` of the URL says.
  public init(
    _ invoker: any Invoker, methods: [MethodDescriptor], at url: DubboURL, format: PayloadFormat? = nil
  ) {
    self.invoker = invoker
    self.methods = methods
    self.url = url
    self.format = format ?? url.payloadFormat
  }
}

/// A service that is callable by others.
public protocol Exporter: Sendable {
  /// Where it is callable: the URL given to `export`, with the port that was bound.
  var url: DubboURL { get }

  /// Has `service` carry out the calls that come from now on; those that run end as they began.
  func replace(with service: any Invoker)

  /// Takes the service back: calls that run may end, new ones are answered with `UNIMPLEMENTED` or refused. The
  /// second time it does nothing.
  func unexport() async
}
