/// A wire protocol by its Dubbo name: how a URL becomes something that can be called, and a service something that
/// others can call.
public protocol RPCProtocol: Sendable {
  /// The scheme of its URLs, such as `tri`.
  var name: String { get }

  /// An endpoint for the provider at `url`. Nothing is connected before the first call.
  ///
  /// Throws `DubboError` when the URL makes no sense for this protocol.
  func endpoint(for url: DubboURL) throws -> any Endpoint

  /// Makes `service` callable at `url`; returns when the port accepts. Services of one address share its port.
  func export(_ service: any Invoker, methods: [MethodDescriptor], at url: DubboURL) async throws -> any Exporter

  /// What its connections hold and have seen.
  func metrics() async -> ConnectionMetrics

  /// Ends everything the protocol holds: peers are told to go elsewhere, running calls get `grace` to end, then what
  /// is left is closed. The second time it does nothing.
  func shutDown(grace: Duration) async
}

extension RPCProtocol {
  /// Nothing, for a protocol without connections.
  public func metrics() async -> ConnectionMetrics { ConnectionMetrics() }
}

/// A service that is callable by others.
public protocol Exporter: Sendable {
  /// Where it is callable: the URL given to `export`, with the port that was bound.
  var url: DubboURL { get }

  /// Takes the service back: calls that run may end, new ones are answered with `UNIMPLEMENTED` or refused. The
  /// second time it does nothing.
  func unexport() async
}
