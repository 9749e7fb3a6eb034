/// Addresses in a tag rule: `10.0.0.7:50051`, `10.0.0.7:*`, `0.0.0.0:50051`, `*:50051`, `10.0.0.*`, `10.0.0.1-63`,
/// `10.0.0.0/24`, each with or without a port; IPv6 likewise, in brackets when a port follows; or a host's name.
struct AddressPattern: Sendable, Hashable {
  private enum Host: Sendable, Hashable {
    case any
    case exact(String)
    /// The parts of an address, each a range of numbers.
    case parts([ClosedRange<UInt16>])
    case network(bits: [UInt8], length: Int)
  }

  let text: String
  private let host: Host
  private let port: UInt16?

  init(_ text: String) throws(RuleSyntaxError) {
    self.text = text
    var host = text.filter { !$0.isWhitespace }
    guard !host.isEmpty else { throw RuleSyntaxError(offset: 0, message: "an address is empty") }
    var port: UInt16?
    var portText: Substring?
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
      let after = host[host.index(after: end)...]
      guard after.isEmpty || after.hasPrefix(":") else {
        throw RuleSyntaxError(offset: 0, message: "only a port may follow \"]\" in \"\(text)\"")
      }
      portText = after.isEmpty ? nil : after.dropFirst()
      host = String(host[host.index(after: host.startIndex)..<end])
    } else if host.filter({ $0 == ":" }).count == 1, let colon = host.firstIndex(of: ":") {
      portText = host[host.index(after: colon)...]
      host = String(host[..<colon])
    }
    if let portText, portText != "*" {
      guard let number = UInt16(portText) else {
        throw RuleSyntaxError(offset: 0, message: "\"\(portText)\" is no port in \"\(text)\"")
      }
      port = number == 0 ? nil : number
    }
    self.port = port
    self.host = try Self.host(host, in: text)
  }

  func fits(host candidate: String, port candidatePort: UInt16?) -> Bool {
    if let port, port != candidatePort { return false }
    switch host {
    case .any: return true
    case .exact(let name): return name == candidate
    case .parts(let parts):
      guard let numbers = IPAddress.parts(candidate), numbers.count == parts.count else { return false }
      return zip(parts, numbers).allSatisfy { $0.contains($1) }
    case .network(let bits, let length):
      guard let bytes = IPAddress.bytes(candidate), bytes.count == bits.count else { return false }
      return Self.prefix(bytes, length) == Self.prefix(bits, length)
    }
  }

  private static func host(_ text: String, in whole: String) throws(RuleSyntaxError) -> Host {
    if text == "*" || text == "0.0.0.0" || text == "::" || text.isEmpty { return .any }
    if let slash = text.firstIndex(of: "/") {
      guard let bytes = IPAddress.bytes(String(text[..<slash])), let length = Int(text[text.index(after: slash)...]),
        (0...bytes.count * 8).contains(length)
      else { throw RuleSyntaxError(offset: 0, message: "\"\(whole)\" is no network such as 10.0.0.0/24") }
      return .network(bits: bytes, length: length)
    }
    guard text.contains("*") || (text.contains("-") && text.allSatisfy { "0123456789abcdefABCDEF.:-".contains($0) })
    else { return .exact(text) }
    let isIPv6 = text.contains(":")
    let pieces = text.split(separator: isIPv6 ? ":" : ".", omittingEmptySubsequences: false)
    guard pieces.count == (isIPv6 ? 8 : 4) else {
      if !text.contains("*") { return .exact(text) }
      throw RuleSyntaxError(offset: 0, message: "\"\(whole)\" must have \(isIPv6 ? "8" : "4") parts to hold a \"*\"")
    }
    var parts: [ClosedRange<UInt16>] = []
    for piece in pieces {
      guard let part = part(piece, isIPv6) else {
        throw RuleSyntaxError(offset: 0, message: "\"\(piece)\" is no part of an address in \"\(whole)\"")
      }
      parts.append(part)
    }
    return .parts(parts)
  }

  private static func part(_ text: Substring, _ isIPv6: Bool) -> ClosedRange<UInt16>? {
    let highest: UInt16 = isIPv6 ? .max : 255
    if text == "*" { return 0...highest }
    let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map {
      UInt16($0, radix: isIPv6 ? 16 : 10)
    }
    guard bounds.count <= 2, let low = bounds.first ?? nil, let high = bounds.last ?? nil, low <= high, high <= highest
    else { return nil }
    return low...high
  }

  private static func prefix(_ bytes: [UInt8], _ length: Int) -> [UInt8] {
    bytes.enumerated().map { index, byte in
      let bits = min(max(length - index * 8, 0), 8)
      return bits == 0 ? 0 : byte & (0xFF << UInt8(8 - bits))
    }
  }
}

/// Numeric addresses as numbers; nil for names.
enum IPAddress {
  /// Four bytes or eight groups.
  static func parts(_ text: String) -> [UInt16]? {
    guard text.contains(":") else {
      let pieces = text.split(separator: ".", omittingEmptySubsequences: false)
      let numbers = pieces.compactMap { UInt8($0).map(UInt16.init) }
      return pieces.count == 4 && numbers.count == 4 ? numbers : nil
    }
    var address = text[...]
    if let zone = address.firstIndex(of: "%") { address = address[..<zone] }
    let halves = address.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
    guard halves.count <= 2, let head = groups(halves[0]) else { return nil }
    guard halves.count == 2 else { return head.count == 8 ? head : nil }
    guard let tail = groups(halves[1]), head.count + tail.count <= 7 else { return nil }
    return head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  static func bytes(_ text: String) -> [UInt8]? {
    guard let parts = parts(text) else { return nil }
    return parts.count == 4
      ? parts.map { UInt8($0) } : parts.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
  }

  private static func groups(_ text: Substring) -> [UInt16]? {
    if text.isEmpty { return [] }
    let pieces = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = pieces.compactMap { UInt16($0, radix: 16) }
    return numbers.count == pieces.count ? numbers : nil
  }
}
