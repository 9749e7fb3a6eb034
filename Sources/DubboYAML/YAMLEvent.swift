/// What libyaml saw next, in Swift's own types.
struct YAMLEvent {
  enum Kind {
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(YAMLScalar, anchor: String?)
    case sequenceStart(tag: String?, anchor: String?)
    case sequenceEnd
    case mappingStart(tag: String?, anchor: String?)
    case mappingEnd
    case streamEnd
  }

  var kind: Kind
  var position: YAMLPosition
}

/// The text is no YAML: what is wrong and where.
struct YAMLFault: Error {
  var message: String
  var position: YAMLPosition
}
