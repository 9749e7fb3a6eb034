/// A parameter of a `DubboURL` as a type: its name, the type of its value, and what holds when it is missing.
///
///     enum RegionKey: URLParameterKey {
///       static let name = "region"
///       static let defaultValue = "unknown"
///     }
///     url[RegionKey.self] = "hangzhou"
public protocol URLParameterKey {
  associatedtype Value: URLParameterValue
  static var name: String { get }
  static var defaultValue: Value { get }
}

/// What the text of a parameter can be read as.
public protocol URLParameterValue: Sendable {
  /// Nil when `text` is no such value.
  init?(parameterText text: String)
  /// The text that reads back as this value; nil when it is written as no parameter at all.
  var parameterText: String? { get }
}

extension DubboURL {
  /// The value of a parameter; the key's default when it is missing **or malformed**, for URLs come from registries.
  /// `value(of:method:)` tells the two apart.
  public subscript<Key: URLParameterKey>(key: Key.Type) -> Key.Value {
    get { parameters[Key.name].flatMap(Key.Value.init(parameterText:)) ?? Key.defaultValue }
    set { parameters[Key.name] = newValue.parameterText }
  }

  /// The value for one method: the parameter `method.name`, else `name`, else the default.
  public subscript<Key: URLParameterKey>(key: Key.Type, method method: String) -> Key.Value {
    get {
      parameters["\(method).\(Key.name)"].flatMap(Key.Value.init(parameterText:)) ?? self[key]
    }
    set { parameters["\(method).\(Key.name)"] = newValue.parameterText }
  }

  /// The strict reading: a malformed value is an error that names the parameter, its text and the URL.
  public func value<Key: URLParameterKey>(
    of key: Key.Type, method: String? = nil
  ) throws(URLParameterError) -> Key.Value {
    let specific = method.map { "\($0).\(Key.name)" }
    for name in [specific, Key.name].compacted() {
      guard let text = parameters[name] else { continue }
      guard let value = Key.Value(parameterText: text) else {
        throw URLParameterError(name: name, text: text, expected: "\(Key.Value.self)", url: description)
      }
      return value
    }
    return Key.defaultValue
  }
}

/// A parameter whose text is not what its key reads.
public struct URLParameterError: Error, Hashable, CustomStringConvertible {
  public var name: String
  public var text: String
  /// The type of value that was expected.
  public var expected: String
  public var url: String

  public var description: String {
    "the parameter \"\(name)\" of \(url) is \"\(text)\", which is no \(expected)"
  }
}

extension Array {
  fileprivate func compacted<Wrapped>() -> [Wrapped] where Element == Wrapped? { compactMap { $0 } }
}
