extension DubboURL {
  /// Reads a URL as people and `text` write it.
  ///
  /// Strict: a scheme, a sound host and port, whole percent escapes, no blank, no fragment. A plus sign is a plus
  /// sign. Further addresses after a comma (`zookeeper://a:2181,b:2181`) become the parameter `backup`, as in Dubbo.
  /// Of two parameters with one name the later counts. At most 64 KiB.
  public init(_ text: String) throws(ParseError) {
    var parser = DubboURLParser(Array(text.utf8), .strict)
    self = try parser.parse()
  }

  /// Reads a URL as registries hold it: written by Dubbo for Java, Go or Swift, the whole of it encoded once more or
  /// not.
  ///
  /// As Java does, a plus sign in the outer encoding is a space, parts need no encoding of their own, and an IPv6
  /// host needs no brackets.
  public init(registryText: String) throws(ParseError) {
    let bytes = Array(registryText.utf8)
    guard bytes.count <= DubboURLParser.limit else { throw DubboURLParser.tooLong(bytes.count) }
    guard registryText.contains("://") else {
      let decoded: String
      do {
        decoded = try PercentCoding.decode(bytes[...], plusIsSpace: true, malformed: .standsForItself)
      } catch {
        throw ParseError(text: "", offset: error.offset, reason: error.reason)
      }
      var parser = DubboURLParser(Array(decoded.utf8), .lenient)
      self = try parser.parse()
      return
    }
    var parser = DubboURLParser(bytes, .lenient)
    self = try parser.parse()
  }

  /// Why a text is no URL, and where.
  public struct ParseError: Error, Hashable, CustomStringConvertible {
    /// What was read, shortened, with what may be a password left out.
    public var text: String
    /// Bytes from the start of the text to the fault.
    public var offset: Int
    public var reason: String

    public var description: String {
      "not a URL: \"\(text)\": at byte \(offset): \(reason)"
    }
  }
}
