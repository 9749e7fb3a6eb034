public import DubboCore

/// A service without a .proto: a name, and methods that are closures over `Codable` values. JSON on the wire.
///
///     struct Calculator: CodableService {
///       static let serviceName = "org.example.Calculator"
///       var methods: [CodableMethod] {
///         [.unary("add", idempotent: true) { (left: Int, right: Int) in left + right }]
///       }
///     }
///     app.provide(Calculator(), version: "1.0.0")
///
/// One argument is its own JSON value, none or several are a JSON array. The content type is `application/grpc+json`.
public protocol CodableService: RoutableService {
  var methods: [CodableMethod] { get }
}

extension CodableService {
  public var dubboMethods: [MethodRegistration] {
    methods.map { method in
      let descriptor = MethodDescriptor(
        service: Self.serviceName, name: method.name, kind: method.kind, idempotent: method.isIdempotent)
      return MethodRegistration(descriptor) { [handler = method.handler] invocation in
        try await handler(descriptor, invocation)
      }
    }
  }
}

extension DubboApplication {
  /// Offers a service without a .proto under its interface's name, in `group` and `version`.
  ///
  /// - Parameter parameters: of this service's URL, such as `["weight": "50", "add.timeout": "500"]`.
  public mutating func provide(
    _ service: some CodableService, group: String? = nil, version: String? = nil, parameters: URLParameters = [:]
  ) {
    var parameters = parameters
    parameters["serialization"] = "json"
    let routable: any RoutableService = service
    provide(routable, group: group, version: version, parameters: parameters)
  }
}
