/// One node of a parsed text: a scalar, a sequence or a mapping, and where it stands.
///
/// A scalar has no type: it is text until a field that expects a type reads it (see `YAMLReader`).
package struct YAMLNode: Sendable {
  package enum Content: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    /// In the order of the text; no key twice.
    case mapping([YAMLEntry])
    /// Something that was refused with a diagnostic (an alias, a node beyond a limit): readers pass over it in silence.
    case refused
  }

  package var content: Content
  package var position: YAMLPosition
  /// Where the value comes from when it is not the text: `environment variable DUBBO_APPLICATION_NAME`.
  package var origin: String?

  package init(_ content: Content, at position: YAMLPosition, origin: String? = nil) {
    self.content = content
    self.position = position
    self.origin = origin
  }

  /// Nothing was written, or `null`, or `~`.
  package var isNull: Bool {
    if case .scalar(let scalar) = content { scalar.isNull } else { false }
  }

  /// The value of one key, spelt exactly so; nil for another key and for what is no mapping.
  package subscript(key: String) -> YAMLNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// What messages call a node of this kind.
  var kind: String {
    switch content {
    case .scalar(let scalar): scalar.isNull ? "nothing" : "a single value"
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .refused: "something that was refused"
    }
  }
}

/// A scalar as its author wrote it.
package struct YAMLScalar: Sendable, Hashable {
  package enum Style: Sendable, Hashable {
    case plain, singleQuoted, doubleQuoted, literal, folded
  }

  /// The text without quotes and with its escapes resolved; may hold any scalar, U+0000 included.
  package var text: String
  package var style: Style
  /// The tag, when one was written.
  package var tag: String?

  package init(_ text: String, style: Style = .plain, tag: String? = nil) {
    self.text = text
    self.style = style
    self.tag = tag
  }

  /// Plain and without a tag: what YAML itself would give a type by its looks.
  package var isPlain: Bool { style == .plain && tag == nil }

  package var isNull: Bool {
    isPlain && ["", "~", "null", "Null", "NULL"].contains(text)
  }
}

/// One key of a mapping with its value.
package struct YAMLEntry: Sendable {
  package var key: String
  package var keyPosition: YAMLPosition
  package var value: YAMLNode

  package init(key: String, keyPosition: YAMLPosition, value: YAMLNode) {
    self.key = key
    self.keyPosition = keyPosition
    self.value = value
  }
}
