#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Messages behind four bytes of length, little endian.
enum Pipe {
  struct Broken: Error {}

  static func read() throws -> [UInt8]? {
    guard let prefix = try read(4, mayEnd: true) else { return nil }
    let length = prefix.reversed().reduce(0) { $0 << 8 | Int($1) }
    return try read(length, mayEnd: false)
  }

  static func write(_ message: [UInt8]) throws {
    var rest = (0..<4).map { UInt8(truncatingIfNeeded: message.count >> ($0 * 8)) } + message
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { put(1, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Broken() }
      rest.removeFirst(count)
    }
  }

  private static func read(_ count: Int, mayEnd: Bool) throws -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let added = bytes.withUnsafeMutableBytes { get(0, $0.baseAddress?.advanced(by: filled), count - filled) }
      if added == 0, filled == 0, mayEnd { return nil }
      guard added > 0 else { throw Broken() }
      filled += added
    }
    return bytes
  }
}

private func get(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}

private func put(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
