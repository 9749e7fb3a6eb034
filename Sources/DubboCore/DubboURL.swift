/// The address of everything in Dubbo: a provider, a consumer, a registry, a rule.
///
///     tri://user:password@10.0.0.7:50051/org.example.Greeter?group=test&version=1.0.0
///
/// A plain value. Its parts are kept decoded; `text` encodes them and `init(_:)` reads exactly that back.
public struct DubboURL: Sendable, Hashable {
  /// What the address is for: `tri`, `consumer`, `zookeeper`, `file`…
  public var scheme: String
  public var user: String?
  public var password: String?
  /// A name, an IPv4 address, or an IPv6 address without its brackets; empty when the URL names no machine.
  public var host: String
  /// 0 to 65535.
  public var port: UInt16?
  /// Without its leading slash: the interface of a service, the folder of a file registry.
  public var path: String
  public var parameters: URLParameters

  public init(
    scheme: String, user: String? = nil, password: String? = nil, host: String, port: UInt16? = nil,
    path: String = "", parameters: URLParameters = [:]
  ) {
    self.scheme = scheme
    self.user = user
    self.password = password
    self.host = host
    self.port = port
    self.path = path
    self.parameters = parameters
  }

  /// `host:port`, an IPv6 host in brackets; without a port only the host.
  public var address: String {
    let bracketed = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    guard let port else { return bracketed }
    return "\(bracketed):\(port)"
  }

  /// The text of the parameter `name`, as it is.
  public subscript(name: String) -> String? {
    get { parameters[name] }
    set { parameters[name] = newValue }
  }

  /// A copy with the parameter `name` set to `value`, or without it when `value` is nil.
  public func with(_ name: String, _ value: String?) -> DubboURL {
    var copy = self
    copy[name] = value
    return copy
  }
}

extension DubboURL: CustomStringConvertible {
  /// The text with the password hidden, for logs and errors.
  public var description: String {
    guard password != nil else { return text }
    var shown = self
    shown.password = "***"
    return shown.text
  }
}
