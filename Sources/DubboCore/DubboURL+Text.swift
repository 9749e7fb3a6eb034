extension DubboURL {
  /// The URL as text, lossless: `DubboURL(url.text) == url` for every URL whose parts a URL can hold.
  ///
  /// Contains the password. Use `description` for logs.
  public var text: String {
    written(parameter: Self.plainInParameter, path: Self.plainInPath)
  }

  /// The whole URL encoded once more, as Dubbo's registries name a provider's node.
  ///
  /// Java's consumers decode this once and read the parts as they are, Go's decode the parts again; so only what
  /// would split a part wrongly is encoded inside, and both read the same.
  public var registryText: String {
    PercentCoding.encode(written(parameter: Self.plainInRegistry, path: Self.plainInRegistry))
  }

  private func written(parameter: PercentCoding.Plain, path plainInPath: PercentCoding.Plain) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(64 + path.utf8.count + parameters.count * 24)
    bytes.append(contentsOf: scheme.utf8)
    bytes.append(contentsOf: "://".utf8)
    if user != nil || password != nil {
      PercentCoding.encode(user ?? "", plain: Self.plainInUser, into: &bytes)
      if let password {
        bytes.append(UInt8(ascii: ":"))
        PercentCoding.encode(password, plain: Self.plainInUser, into: &bytes)
      }
      bytes.append(UInt8(ascii: "@"))
    }
    for byte in address.utf8 {
      bytes.append(byte)
      if byte == UInt8(ascii: "%") { bytes.append(contentsOf: "25".utf8) }
    }
    if !path.isEmpty || !parameters.isEmpty {
      bytes.append(UInt8(ascii: "/"))
      PercentCoding.encode(path, plain: plainInPath, into: &bytes)
    }
    var separator = UInt8(ascii: "?")
    for element in parameters {
      bytes.append(separator)
      PercentCoding.encode(element.name, plain: parameter, into: &bytes)
      bytes.append(UInt8(ascii: "="))
      PercentCoding.encode(element.value, plain: parameter, into: &bytes)
      separator = UInt8(ascii: "&")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let plainInUser = PercentCoding.Plain(adding: "~!$*")
  private static let plainInPath = PercentCoding.Plain(adding: "~!$*'(),;:@/")
  private static let plainInParameter = PercentCoding.Plain(adding: "~!$*'(),;:@/[]{}|<>")
  private static let plainInRegistry = PercentCoding.Plain(adding: "~!$*'(),;:@/[]{}|<>^`\"\\ ", nonASCII: true)
}
