internal import CLibuv

/// Where a socket is: an IP address with its port, or the path of a unix socket. No names: those are `EndpointAddress`.
package enum SocketAddress: Sendable, Hashable, CustomStringConvertible {
  case ipv4(address: UInt32, port: UInt16)
  case ipv6(high: UInt64, low: UInt64, scope: UInt32, port: UInt16)
  case unix(path: String)

  /// An address written as text, without brackets; nil when `text` is a name.
  package init?(ip text: String, port: UInt16) {
    guard text.utf8.count < 46, !text.utf8.contains(0) else { return nil }
    var raw = dubbo_address()
    raw.port = port
    raw.family = withUnsafeMutableBytes(of: &raw.bytes) { bytes in
      if uv_inet_pton(dubbo_family_ipv4, text, bytes.baseAddress) == 0 { return 4 }
      if uv_inet_pton(dubbo_family_ipv6, text, bytes.baseAddress) == 0 { return 6 }
      return 0
    }
    // A zone ("fe80::1%eth0") is the resolver's business.
    guard raw.family != 0, !text.utf8.contains(UInt8(ascii: "%")) else { return nil }
    self.init(raw)
  }

  package var port: UInt16? {
    switch self {
    case .ipv4(_, let port), .ipv6(_, _, _, let port): port
    case .unix: nil
    }
  }

  package func with(port: UInt16) -> SocketAddress {
    switch self {
    case .ipv4(let address, _): .ipv4(address: address, port: port)
    case .ipv6(let high, let low, let scope, _): .ipv6(high: high, low: low, scope: scope, port: port)
    case .unix: self
    }
  }

  /// The address without its port, in the form in which people write it: `127.0.0.1`, `::1`, `/run/dubbo.sock`.
  package var host: String {
    switch self {
    case .unix(let path): return path
    case .ipv4, .ipv6:
      var raw = self.raw
      let family = raw.family == 4 ? dubbo_family_ipv4 : dubbo_family_ipv6
      return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
        guard let base = text.baseAddress,
          withUnsafeBytes(of: &raw.bytes, { uv_inet_ntop(family, $0.baseAddress, base, 64) }) == 0
        else { return "?" }
        return String(cString: base)
      }
    }
  }

  package var description: String {
    switch self {
    case .ipv4(_, let port): "\(host):\(port)"
    case .ipv6(_, _, _, let port): "[\(host)]:\(port)"
    case .unix(let path): path.isEmpty ? "unix socket" : path
    }
  }
}

extension SocketAddress {
  /// An IPv4 address that came through an IPv6 socket is an IPv4 address.
  init(_ raw: dubbo_address) {
    switch raw.family {
    case 4: self = withUnsafeBytes(of: raw.bytes) { .ipv4(address: $0.bigEndian(UInt32.self, at: 0), port: raw.port) }
    case 6:
      self = withUnsafeBytes(of: raw.bytes) { bytes in
        let high = bytes.bigEndian(UInt64.self, at: 0)
        let low = bytes.bigEndian(UInt64.self, at: 8)
        if high == 0, low >> 32 == 0xffff { return .ipv4(address: UInt32(truncatingIfNeeded: low), port: raw.port) }
        return .ipv6(high: high, low: low, scope: raw.scope, port: raw.port)
      }
    default:
      self = withUnsafeBytes(of: raw.path) { .unix(path: String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)) }
    }
  }

  var raw: dubbo_address {
    var raw = dubbo_address()
    switch self {
    case .ipv4(let address, let port):
      raw.family = 4
      raw.port = port
      withUnsafeMutableBytes(of: &raw.bytes) { $0.storeBytes(of: address.bigEndian, as: UInt32.self) }
    case .ipv6(let high, let low, let scope, let port):
      raw.family = 6
      raw.port = port
      raw.scope = scope
      withUnsafeMutableBytes(of: &raw.bytes) { bytes in
        bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
        bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
      }
    case .unix(let path):
      raw.family = 1
      withUnsafeMutableBytes(of: &raw.path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
    }
    return raw
  }

  /// Refuses a path that the system would cut short without a word.
  func checked() throws(IOFailure) -> dubbo_address {
    if case .unix(let path) = self {
      guard path.utf8.count <= dubbo_unix_path_limit, !path.isEmpty, !path.utf8.contains(0) else {
        throw IOFailure(
          .pathTooLong, "use", on: path,
          reason: "a unix socket's path has 1 to \(dubbo_unix_path_limit) bytes, this one has \(path.utf8.count)",
          advice: "Choose a shorter path, for instance in /tmp or /run.")
      }
    }
    return raw
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func bigEndian<Value: FixedWidthInteger>(_: Value.Type, at offset: Int) -> Value {
    Value(bigEndian: loadUnaligned(fromByteOffset: offset, as: Value.self))
  }
}
