internal import DubboYAML

/// A value of the user's own section `dubbo.data`, as it was written.
public enum ConfigurationValue: Sendable, Hashable {
  case null
  case text(String)
  case list([ConfigurationValue])
  /// In the order of the file; no key twice.
  case mapping([Entry])

  public struct Entry: Sendable, Hashable {
    public var key: String
    public var value: ConfigurationValue
  }

  /// The value under `key`; nil for another key and for what is no mapping.
  public subscript(key: String) -> ConfigurationValue? {
    guard case .mapping(let entries) = self else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// The text; nil for a list, a mapping and null.
  public var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  init(_ node: YAMLNode) {
    switch node.content {
    case .refused: self = .null
    case .scalar(let scalar): self = scalar.isNull ? .null : .text(scalar.text)
    case .sequence(let items): self = .list(items.map(ConfigurationValue.init))
    case .mapping(let entries):
      self = .mapping(entries.map { Entry(key: $0.key, value: ConfigurationValue($0.value)) })
    }
  }
}
