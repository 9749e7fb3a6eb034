/// Reads the bytes of one URL from left to right, remembering where each part stood.
struct DubboURLParser {
  enum Manner {
    case strict
    /// What registries hold, where other implementations encode less than they should.
    case lenient
  }

  /// Bytes of the longest URL that is read.
  static let limit = 65_536

  private let bytes: [UInt8]
  private let manner: Manner

  init(_ bytes: [UInt8], _ manner: Manner) {
    self.bytes = bytes
    self.manner = manner
  }

  static func tooLong(_ count: Int) -> DubboURL.ParseError {
    .init(text: "", offset: limit, reason: "\(count) bytes are more than the \(limit) that a URL may have")
  }

  mutating func parse() throws(DubboURL.ParseError) -> DubboURL {
    guard bytes.count <= Self.limit else { throw Self.tooLong(bytes.count) }
    try refuseBlanksAndControls()
    guard let colon = firstIndex(of: ":", from: 0), bytes[(colon + 1)...].starts(with: "//".utf8) else {
      throw failure(0, "a URL begins with a scheme, as in tri://host:port")
    }
    let scheme = try parseScheme(bytes[..<colon])
    let start = colon + 3
    let query = firstIndex(of: "?", from: start) ?? bytes.endIndex
    let slash = firstIndex(of: "/", from: start).map { min($0, query) } ?? query
    var url = DubboURL(scheme: scheme, host: "")
    let backup = try parseAuthority(bytes[start..<slash], into: &url)
    if slash < query { url.path = try decode(bytes[(slash + 1)..<query]) }
    if query < bytes.endIndex { url.parameters = try parseParameters(bytes[(query + 1)...]) }
    if let backup, url.parameters["backup"] == nil { url.parameters["backup"] = backup }
    return url
  }

  private func refuseBlanksAndControls() throws(DubboURL.ParseError) {
    for (offset, byte) in bytes.enumerated() {
      if byte < 0x20 || byte == 0x7F { throw failure(offset, "a control character; write it as %XX") }
      guard manner == .strict else { continue }
      if byte == UInt8(ascii: " ") { throw failure(offset, "a blank; write it as %20") }
      if byte == UInt8(ascii: "#") { throw failure(offset, "\"#\": Dubbo's URLs have no fragment; write it as %23") }
    }
  }

  private func parseScheme(_ part: ArraySlice<UInt8>) throws(DubboURL.ParseError) -> String {
    guard !part.isEmpty else { throw failure(0, "the scheme is empty") }
    for (offset, byte) in part.enumerated() {
      let isSound = byte.isASCIILetter || (offset > 0 && (byte.isASCIIDigit || "+-.".utf8.contains(byte)))
      guard isSound else {
        throw failure(offset, "a scheme has letters, digits, \"+\", \"-\" and \".\", a letter first")
      }
    }
    return String(decoding: part, as: UTF8.self)
  }

  /// Fills in user, password, host and port; returns further addresses, comma-separated.
  private func parseAuthority(
    _ part: ArraySlice<UInt8>, into url: inout DubboURL
  ) throws(DubboURL.ParseError) -> String? {
    var rest = part
    if let at = part.lastIndex(of: UInt8(ascii: "@")) {
      let user = part[..<at]
      if let colon = user.firstIndex(of: UInt8(ascii: ":")) {
        url.password = try decode(user[(colon + 1)...])
        url.user = try decode(user[..<colon])
      } else {
        url.user = try decode(user)
      }
      rest = part[(at + 1)...]
    }
    var backup: String?
    if let comma = rest.firstIndex(of: UInt8(ascii: ",")) {
      for address in rest[(comma + 1)...].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
        guard !address.isEmpty else { throw failure(address.startIndex, "an address is missing beside \",\"") }
        _ = try parseAddress(address)
      }
      backup = String(decoding: rest[(comma + 1)...], as: UTF8.self)
      rest = rest[..<comma]
    }
    (url.host, url.port) = try parseAddress(rest)
    return backup
  }

  private func parseAddress(_ part: ArraySlice<UInt8>) throws(DubboURL.ParseError) -> (String, UInt16?) {
    var host = part
    var port: ArraySlice<UInt8>?
    if part.first == UInt8(ascii: "[") {
      guard let end = part.firstIndex(of: UInt8(ascii: "]")) else {
        throw failure(part.startIndex, "\"]\" is missing after the IPv6 address")
      }
      host = part[(part.startIndex + 1)..<end]
      let after = part[(end + 1)...]
      guard after.isEmpty || after.first == UInt8(ascii: ":") else {
        throw failure(end + 1, "only \":port\" may follow the IPv6 address")
      }
      port = after.isEmpty ? nil : after.dropFirst()
      try checkIPv6(host)
    } else if let colon = part.lastIndex(of: UInt8(ascii: ":")) {
      host = part[..<colon]
      port = part[(colon + 1)...]
      if host.contains(UInt8(ascii: ":")) {
        guard manner == .lenient else {
          throw failure(part.startIndex, "an IPv6 address stands in brackets, as in [::1]:50051")
        }
        try checkIPv6(host)
      } else {
        try checkName(host)
        if host.isEmpty { throw failure(colon, "a port without a host") }
      }
    } else {
      try checkName(host)
    }
    if let zone = host.firstIndex(of: UInt8(ascii: "%")), host[(zone + 1)...].starts(with: "25".utf8) {
      // In text the sign before an interface's name is itself encoded (RFC 6874).
      return (String(decoding: host[...zone] + host[(zone + 3)...], as: UTF8.self), try port.map(parsePort))
    }
    return (String(decoding: host, as: UTF8.self), try port.map(parsePort))
  }

  private func parsePort(_ digits: ArraySlice<UInt8>) throws(DubboURL.ParseError) -> UInt16 {
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCIIDigit }),
      let port = UInt16(String(decoding: digits, as: UTF8.self))
    else {
      throw failure(digits.startIndex, "the port must be a number from 0 to 65535")
    }
    return port
  }

  private func checkIPv6(_ host: ArraySlice<UInt8>) throws(DubboURL.ParseError) {
    let zone = host.firstIndex(of: UInt8(ascii: "%")) ?? host.endIndex
    for index in host.startIndex..<zone {
      let byte = host[index]
      guard byte.isASCIIHexDigit || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") else {
        throw failure(index, "not a part of an IPv6 address")
      }
    }
    guard host[..<zone].contains(UInt8(ascii: ":")) else { throw failure(host.startIndex, "not an IPv6 address") }
    for index in zone..<host.endIndex where index > zone {
      let byte = host[index]
      guard byte.isASCIILetter || byte.isASCIIDigit || "-._".utf8.contains(byte) else {
        throw failure(index, "not a part of an interface's name")
      }
    }
  }

  private func checkName(_ host: ArraySlice<UInt8>) throws(DubboURL.ParseError) {
    for index in host.indices {
      let byte = host[index]
      guard byte.isASCIILetter || byte.isASCIIDigit || "-._*".utf8.contains(byte) else {
        throw failure(index, "a host has letters, digits, \"-\", \".\" and \"_\"")
      }
    }
  }

  private func parseParameters(_ part: ArraySlice<UInt8>) throws(DubboURL.ParseError) -> URLParameters {
    var elements: [URLParameters.Element] = []
    var places: [String: Int] = [:]
    for pair in part.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true) {
      let equals = pair.firstIndex(of: UInt8(ascii: "="))
      let name = try decode(pair[..<(equals ?? pair.endIndex)])
      let value = try equals.map { index throws(DubboURL.ParseError) in try decode(pair[(index + 1)...]) } ?? ""
      guard !name.isEmpty else {
        if manner == .lenient { continue }
        throw failure(pair.startIndex, "a parameter without a name")
      }
      if let place = places[name] {
        elements[place].value = value
      } else {
        places[name] = elements.count
        elements.append(.init(name: name, value: value))
      }
    }
    return URLParameters(unique: elements)
  }

  private func decode(_ part: ArraySlice<UInt8>) throws(DubboURL.ParseError) -> String {
    do {
      return try PercentCoding.decode(
        part, plusIsSpace: false, malformed: manner == .strict ? .isAnError : .standsForItself)
    } catch {
      throw failure(part.startIndex + error.offset, error.reason)
    }
  }

  private func firstIndex(of character: Unicode.Scalar, from start: Int) -> Int? {
    bytes[start...].firstIndex(of: UInt8(ascii: character))
  }

  private func failure(_ offset: Int, _ reason: String) -> DubboURL.ParseError {
    var shown = bytes
    if let at = shown.lastIndex(of: UInt8(ascii: "@")) {
      // Whatever stands before an "@" may be a password, however broken the URL is.
      let start = shown.firstRange(of: Array("://".utf8))?.upperBound ?? 0
      if start < at { shown.replaceSubrange(start..<at, with: "***".utf8) }
    }
    let text = LogText.escaped(String(decoding: shown.prefix(200), as: UTF8.self))
    return .init(text: shown.count > 200 ? text + "…" : text, offset: offset, reason: reason)
  }
}

extension UInt8 {
  var isASCIIDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  var isASCIILetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
  var isASCIIHexDigit: Bool { isASCIIDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) }
}
