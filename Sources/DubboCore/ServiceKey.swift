/// Which service: its interface, and the group and version that tell several of one interface apart.
///
/// An empty group or version is none. Equality is literal; `answers(_:)` is how a consumer's wish is matched.
public struct ServiceKey: Sendable, Hashable {
  /// The service's full name, as in the .proto.
  public let interface: String
  public let group: String?
  public let version: String?

  public init(interface: String, group: String? = nil, version: String? = nil) {
    self.interface = interface
    self.group = group.flatMap { $0.isEmpty ? nil : $0 }
    self.version = version.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The service that `url` describes: its parameter `interface`, else its path.
  public init(_ url: DubboURL) {
    self.init(interface: url.interface ?? url.path, group: url.group, version: url.version)
  }

  /// Reads `group/interface:version`, where group and version may be missing; nil when there is no interface.
  public init?(_ text: String) {
    var rest = text[...]
    var group: Substring?
    if let slash = rest.firstIndex(of: "/") {
      group = rest[..<slash]
      rest = rest[rest.index(after: slash)...]
    }
    var version: Substring?
    if let colon = rest.firstIndex(of: ":") {
      version = rest[rest.index(after: colon)...]
      rest = rest[..<colon]
    }
    guard !rest.isEmpty else { return nil }
    self.init(interface: String(rest), group: group.map(String.init), version: version.map(String.init))
  }

  /// Reads `interface:version:group`, the form in which rules and Nacos name a service; nil when there is no
  /// interface or more than three parts.
  public init?(colonText text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (1...3).contains(parts.count), !parts[0].isEmpty else { return nil }
    self.init(
      interface: parts[0], group: parts.count > 2 ? parts[2] : nil, version: parts.count > 1 ? parts[1] : nil)
  }

  /// `interface:version:group` with both colons always, as Dubbo's rules are filed.
  public var colonText: String {
    "\(interface):\(version ?? ""):\(group ?? "")"
  }

  /// Whether a provider of this service is what a consumer of `wanted` asks for: in the wish, `*` is any and a comma
  /// list is any of several, for the group as for the version; version `0.0.0` is the same as none.
  public func answers(_ wanted: ServiceKey) -> Bool {
    interface == wanted.interface || wanted.interface == "*"
      ? Self.matches(group, wanted.group) && Self.matches(significantVersion, wanted.significantVersion)
      : false
  }

  private var significantVersion: String? { version == "0.0.0" ? nil : version }

  private static func matches(_ value: String?, _ wanted: String?) -> Bool {
    guard let wanted else { return value == nil }
    if wanted == "*" || wanted == value { return true }
    guard wanted.contains(","), let value else { return false }
    return wanted.split(separator: ",").contains { $0.trimmingBlanks() == value }
  }
}

extension ServiceKey: CustomStringConvertible {
  /// `group/interface:version` without the parts that are none.
  public var description: String {
    "\(group.map { "\($0)/" } ?? "")\(interface)\(version.map { ":\($0)" } ?? "")"
  }
}
