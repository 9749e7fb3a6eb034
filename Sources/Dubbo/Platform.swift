// The one file of this target that touches the C library: the environment, this machine's addresses, files of lines.

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The host that consumers get to know.
enum HostAddress {
  /// Dubbo's `DUBBO_IP_TO_REGISTRY`.
  static var fromEnvironment: String? {
    guard let text = getenv("DUBBO_IP_TO_REGISTRY") else { return nil }
    let host = String(cString: text)
    return host.isEmpty ? nil : host
  }

  /// Whether `host` means every address of the machine.
  static func isWildcard(_ host: String) -> Bool {
    host.isEmpty || host == "0.0.0.0" || host == "::"
  }

  /// The first IPv4 address of an interface that is up and is not the loopback; nil when there is none.
  static var ofThisMachine: String? {
    var first: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&first) == 0 else { return nil }
    defer { freeifaddrs(first) }
    var next = first
    while let entry = next {
      next = entry.pointee.ifa_next
      let flags = Int32(bitPattern: UInt32(entry.pointee.ifa_flags))
      guard flags & Int32(IFF_UP) != 0, flags & Int32(IFF_LOOPBACK) == 0, let address = entry.pointee.ifa_addr,
        Int32(address.pointee.sa_family) == AF_INET
      else { continue }
      let bytes = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
        withUnsafeBytes(of: pointer.pointee.sin_addr.s_addr) { Array($0) }
      }
      return bytes.map(String.init).joined(separator: ".")
    }
    return nil
  }
}

/// How busy this machine is.
enum SystemLoad {
  /// The load average of the last minute in percent of the processors; nil where the system does not say.
  static var percent: Double? {
    var average = 0.0
    let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    guard getloadavg(&average, 1) == 1, average.isFinite, average >= 0, processors > 0 else { return nil }
    return (average * 10_000 / Double(processors)).rounded() / 100
  }
}

/// A file that lines are added to.
enum LineFile {
  /// Adds `bytes` at the end of the file, which is made when it is not there. Blocks; returns why it could not.
  static func append(_ bytes: [UInt8], to path: String) -> String? {
    let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { return String(cString: strerror(errno)) }
    defer { close(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if written > 0 {
        rest = rest.dropFirst(written)
      } else if errno != EINTR {
        return String(cString: strerror(errno))
      }
    }
    return nil
  }
}
