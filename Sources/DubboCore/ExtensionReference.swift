/// What a URL says about the extension that serves it: the extension's name, and the URL it works with.
///
/// For `nacos://127.0.0.1:8848` that is `nacos` and the URL itself. The long form of the same is
/// `extension://0.0.0.0/?extension-type=registry&extension-name=nacos&registry=nacos%3A%2F%2F127.0.0.1%3A8848`,
/// where the inner URL may also be called `registry-url`.
public struct ExtensionReference: Sendable, Hashable {
  public var name: String
  public var url: DubboURL

  /// - Parameter point: the name of the extension point that is asked; an `extension://` URL of another type is
  ///   refused.
  public init(_ url: DubboURL, point: String) throws(Malformed) {
    guard url.scheme == "extension" else {
      self.name = url.scheme
      self.url = url
      return
    }
    if let type = url[ExtensionTypeKey.self], type != point {
      throw Malformed(url: url.description, reason: "it is of the type \"\(type)\", and a \(point) is needed here")
    }
    var inner = url
    if let text = url[point].nonEmpty ?? url[RegistryURLKey.self] {
      do {
        inner = try DubboURL(text)
      } catch {
        throw Malformed(url: url.description, reason: "its inner URL is \(error)")
      }
    }
    guard let name = url[ExtensionNameKey.self] ?? (inner.scheme == "extension" ? nil : inner.scheme) else {
      throw Malformed(
        url: url.description,
        reason: "it names no extension; give extension-name=NAME, or \(point)=URL with the URL percent-encoded")
    }
    guard inner.scheme != "extension" || inner == url else {
      throw Malformed(url: url.description, reason: "its inner URL is an extension:// URL again")
    }
    self.name = name
    self.url = inner
  }

  /// An `extension://` URL from which no extension can be told.
  public struct Malformed: Error, Hashable, CustomStringConvertible {
    public var url: String
    public var reason: String

    public var description: String { "cannot use \(url): \(reason)" }
  }
}

extension Optional<String> {
  fileprivate var nonEmpty: String? { flatMap { $0.isEmpty ? nil : $0 } }
}
