internal import DubboCore

/// A service without a .proto: a name, and methods that are closures over `Codable` values, on the wire as JSON or
/// another of the application's `Serializations`.
///
///     struct Calculator: CodableService {
///       static let serviceName = "org.example.Calculator"
///       var methods: [CodableMethod] {
///         [.unary("add", idempotent: true) { (left: Int, right: Int) in left + right }]
///       }
///     }
///     app.provide(Calculator(), version: "1.0.0")
///
/// One argument is its own value, none or several are an array of them. The content type is `application/grpc+json`, or what
/// the `serialization` of the service's parameters names: one that the application does not have fails its start with the
/// names that it has. Calls in another format are answered with `UNIMPLEMENTED`.
public protocol CodableService: RoutableService {
  var methods: [CodableMethod] { get }
}

extension CodableService {
  /// The methods with messages in JSON.
  public var dubboMethods: [MethodRegistration] { registrations(in: JSONCoding()) }

  func registrations(in serialization: any Serialization) -> [MethodRegistration] {
    methods.map { method in
      let descriptor = MethodDescriptor(
        service: Self.serviceName, name: method.name, kind: method.kind, idempotent: method.isIdempotent)
      let coding = ValueCoding(method: descriptor, serialization: serialization)
      return MethodRegistration(descriptor) { [handler = method.handler] invocation in
        try await handler(coding, invocation)
      }
    }
  }
}
