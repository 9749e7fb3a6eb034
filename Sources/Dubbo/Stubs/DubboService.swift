/// A service as its generated namespace describes it.
public protocol DubboService {
  /// What a caller holds.
  associatedtype Client: ServiceClient
  /// The full name of the interface, such as `org.apache.dubbo.sample.tri.Greeter`.
  static var serviceName: String { get }
}

/// A generated client: a name for each method over one `ServiceCaller`.
public protocol ServiceClient: Sendable {
  init(caller: ServiceCaller)
}

/// A service that a provider implements; generated `Service` protocols refine it and fill in both requirements.
public protocol RoutableService: Sendable {
  /// The full name of the interface.
  static var serviceName: String { get }
  /// Each method with the way into it.
  var dubboMethods: [MethodRegistration] { get }
  /// The .proto that defines the interface; nil for a service without one.
  static var protoFile: ProtoFile? { get }
}

extension RoutableService {
  public static var protoFile: ProtoFile? { nil }
}
