/// Where a listener or a connection should go, as people write it: a host name or IP address with a port, or the path
/// of a unix socket.
package enum EndpointAddress: Sendable, Hashable, CustomStringConvertible {
  case tcp(host: String, port: UInt16)
  case unix(path: String)

  package var description: String {
    switch self {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): path
    }
  }

  /// The socket address, when no name has to be looked up.
  var literal: SocketAddress? {
    switch self {
    case .tcp(let host, let port): SocketAddress(ip: host, port: port)
    case .unix(let path): .unix(path: path)
    }
  }
}
