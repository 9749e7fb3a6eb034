internal import DubboCore
internal import DubboYAML

/// One key of a configuration section that becomes a parameter of a URL: how files spell it, what it is called on the
/// URL, and what type its value has.
struct ParameterRow: Sendable {
  enum Kind: Sendable {
    case text
    case flag
    case count(ClosedRange<Int>)
    /// Written on URLs in milliseconds.
    case duration
    /// Written on URLs with commas.
    case texts
    case numbers
    /// `true`, `false`, or a text such as a file's path.
    case flagOrText
  }

  var names: [String]
  var parameter: String
  var kind: Kind

  init(_ names: String..., parameter: String? = nil, as kind: Kind) {
    self.names = names
    self.parameter = parameter ?? names.first ?? ""
    self.kind = kind
  }

  func read(_ fields: YAMLFields, into parameters: inout URLParameters) {
    guard let value = fields.value(names), let text = text(value) else { return }
    parameters[parameter] = text
  }

  private func text(_ value: YAMLReader) -> String? {
    switch kind {
    case .text: value.string()
    case .flag: value.bool()?.parameterText
    case .count(let range): value.integer(in: range)?.parameterText
    case .duration: value.duration()?.parameterText
    case .texts: value.strings(separatedByCommas: true).parameterText
    case .numbers: value.list(separatedByCommas: true).compactMap { $0.integer(in: 0...255) }.parameterText
    case .flagOrText:
      if case .scalar(let scalar) = value.node.content, let flag = YAMLText.bool(scalar.text) {
        flag.parameterText
      } else {
        value.string()
      }
    }
  }

  /// `params` (or `parameters`): whatever its author wants on the URL.
  static func readFreely(_ fields: YAMLFields, into parameters: inout URLParameters) {
    for (key, _, value) in fields.entries("params", "parameters") {
      if case .scalar(let scalar) = value.node.content, !scalar.isNull {
        parameters[key] = scalar.text
      } else {
        _ = value.string()
      }
    }
  }
}
