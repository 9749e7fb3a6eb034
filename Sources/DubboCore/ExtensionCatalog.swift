/// The extensions that an application knows, by extension point and name: a value, passed in at start.
///
/// Nothing registers itself by being imported, and two applications in one process share nothing.
public struct ExtensionCatalog: Sendable {
  private var points: [ObjectIdentifier: Point] = [:]

  /// The factories of one extension point; all of them are of that point's `Factory` type.
  private struct Point: Sendable {
    var factories: [String: any Sendable] = [:]
  }

  public init() {}

  /// Makes `factory` known as `name`; replaces what had this name.
  public mutating func register<P: ExtensionPoint>(_ name: String, for point: P.Type, _ factory: P.Factory) {
    points[ObjectIdentifier(point), default: Point()].factories[name] = factory
  }

  /// Forgets the extension `name`; true when there was one.
  @discardableResult
  public mutating func remove<P: ExtensionPoint>(_ name: String, for point: P.Type) -> Bool {
    points[ObjectIdentifier(point)]?.factories.removeValue(forKey: name) != nil
  }

  /// The names known for `point`, sorted.
  public func names<P: ExtensionPoint>(for point: P.Type) -> [String] {
    points[ObjectIdentifier(point)]?.factories.keys.sorted() ?? []
  }

  /// The factory called `name`.
  public func factory<P: ExtensionPoint>(
    _ name: String, for point: P.Type
  ) throws(UnknownExtension) -> P.Factory {
    guard let factory = points[ObjectIdentifier(point)]?.factories[name] as? P.Factory else {
      throw UnknownExtension(point: P.name, name: name, known: names(for: point))
    }
    return factory
  }

  /// The factory that `url` means by its scheme, or by its parameters when it is an `extension://` URL, and the URL
  /// to give it.
  public func factory<P: ExtensionPoint>(
    forSchemeOf url: DubboURL, point: P.Type
  ) throws -> (factory: P.Factory, url: DubboURL) {
    let reference = try ExtensionReference(url, point: P.name)
    return (try factory(reference.name, for: point), reference.url)
  }
}

/// A name that the catalog does not know at an extension point.
public struct UnknownExtension: Error, Hashable, CustomStringConvertible {
  /// The extension point's name.
  public var point: String
  public var name: String
  /// The names that are known, sorted.
  public var known: [String]

  public var description: String {
    let list = known.isEmpty ? "none is known" : "known are \(known.joined(separator: ", "))"
    return "no \(point) is called \"\(name)\": \(list). Register it in the application's ExtensionCatalog."
  }
}
