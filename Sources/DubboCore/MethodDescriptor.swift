/// One method of a service: what the generator knows of it. Cheap to copy.
public struct MethodDescriptor: Sendable, Hashable, CustomStringConvertible {
  /// Which sides send one message and which send many.
  public enum Kind: Sendable, Hashable {
    case unary, clientStream, serverStream, bidirectional

    /// The caller sends any number of messages.
    public var streamsRequests: Bool { self == .clientStream || self == .bidirectional }
    /// The provider sends any number of messages.
    public var streamsReplies: Bool { self == .serverStream || self == .bidirectional }
  }

  private final class Storage: Sendable {
    let service: String
    let name: String
    let kind: Kind
    let isIdempotent: Bool
    let path: String

    init(service: String, name: String, kind: Kind, isIdempotent: Bool) {
      self.service = service
      self.name = name
      self.kind = kind
      self.isIdempotent = isIdempotent
      path = "/\(service)/\(name)"
    }
  }

  // One reference, so that passing an invocation on costs one retain for the method and not three.
  private let storage: Storage

  /// - Parameters:
  ///   - service: the full name of the interface, such as `org.apache.dubbo.sample.tri.Greeter`.
  ///   - name: the method's name as it is on the wire.
  ///   - idempotent: whether running it twice does no harm (`idempotency_level` in the .proto).
  public init(service: String, name: String, kind: Kind, idempotent: Bool = false) {
    storage = Storage(service: service, name: name, kind: kind, isIdempotent: idempotent)
  }

  /// The full name of the interface.
  public var service: String { storage.service }
  /// The method's name as it is on the wire.
  public var name: String { storage.name }
  public var kind: Kind { storage.kind }
  /// Whether running it twice does no harm.
  public var isIdempotent: Bool { storage.isIdempotent }
  /// The path of the request, `/service/name`.
  public var path: String { storage.path }

  public var description: String { "\(service)/\(name)" }

  public static func == (left: MethodDescriptor, right: MethodDescriptor) -> Bool {
    left.storage === right.storage
      || (left.path == right.path && left.kind == right.kind && left.isIdempotent == right.isIdempotent)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(storage.path)
  }
}
