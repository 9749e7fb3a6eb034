internal import DubboYAML

/// One entry of `dubbo.protocols`: where the application listens and what it speaks there.
public struct ProtocolConfiguration: Sendable, Hashable {
  /// The key of the entry; services name it.
  public var id: String
  /// `tri`, or the name of a protocol of the application's own catalog. `triple` and `grpc` mean `tri`.
  public var name: String
  /// The address to listen on; nil for all interfaces.
  public var host: String?
  /// The port to listen on; 0 takes a free one. Dubbo's default for Triple is 50051.
  public var port: UInt16
  /// The longest message that is read, in bytes; nil for the default.
  public var maximumMessageSize: Int?
  /// Connections at one time; nil for the default.
  public var maximumConnections: Int?

  public init(id: String = "tri", name: String = "tri", host: String? = nil, port: UInt16 = 50_051) {
    self.id = id
    self.name = name
    self.host = host
    self.port = port
  }

  init(id: String, _ fields: YAMLFields) {
    self.id = id
    // The section that is one protocol has no id of its author's that could be a name.
    name = Self.spokenName(fields.string("name") ?? (id == "protocol" ? "tri" : id))
    host = fields.string("host", "ip").flatMap { $0.isEmpty ? nil : $0 }
    port = Self.port(fields["port"])
    maximumMessageSize = fields["payload", "max-server-recv-msg-size", "max-message-size"]?.size()
    maximumConnections = fields.integer("accepts", "max-connections", in: 0...Int.max).flatMap { $0 == 0 ? nil : $0 }
    fields.ignore(
      "threadpool", "threads", "iothreads", "queues", "corethreads", "alive", "dispatcher", "transporter", "server",
      "client", "codec", "telnet", "keep-alive-interval", "keep-alive-timeout", "heartbeat", "charset", "params",
      "triple",
      because: "event loops and timers are set in code, not by these names")
    fields.ignore(
      "max-server-send-msg-size", because: "what a provider sends is bounded by its consumers' limits")
    fields.ignore(
      "serialization", "prefer-serialization", because: "services say it, or provider for all of them")
    fields.ignore(
      "id", "register", "default", "ext-protocol", "preferred-protocol", "ssl-enabled",
      because: "this program's protocols have no such setting")
    fields.finish()
  }

  /// Java writes -1 for "any free port".
  private static func port(_ reader: YAMLReader?) -> UInt16 {
    guard let reader, let number = reader.integer(in: -1...65_535) else { return 50_051 }
    return UInt16(exactly: number) ?? 0
  }

  static func spokenName(_ name: String) -> String {
    ["triple", "grpc", "tri"].contains(name.lowercased()) ? "tri" : name
  }
}
