internal import DubboCore

/// The arguments of a call as text, for rules and hash keys that look at them: set by stubs that know their arguments
/// as values. A call that carries one protobuf message has none.
package enum ArgumentTexts: AttributeKey {
  package typealias Value = [String]
}

extension Invocation {
  /// The arguments as rules and hash keys see them; nil when the stub does not know them as values.
  package var argumentTexts: [String]? {
    get { attributes[ArgumentTexts.self] }
    set { attributes[ArgumentTexts.self] = newValue }
  }
}

extension ConditionExpression.Key {
  /// Whether the answer can be given before a call is made.
  var isStatic: Bool {
    switch self {
    case .parameter: true
    case .method, .argument, .argumentCount, .attachment: false
    }
  }

  /// What `invocation` says under this key.
  func value(in invocation: Invocation, consumer: DubboURL) -> String? {
    switch self {
    case .method: invocation.method.name
    case .attachment(let name): invocation.metadata[name]
    case .argument(let index):
      invocation.attributes[ArgumentTexts.self].flatMap { index < $0.count ? $0[index] : nil }
    case .argumentCount: invocation.attributes[ArgumentTexts.self].map { String($0.count) }
    case .parameter(let name): consumer.fact(name)
    }
  }
}

extension TagStage.Wish {
  private static let tagName: StaticString = "dubbo.tag"
  private static let forceName: StaticString = "dubbo.force.tag"

  /// What the call asks for, else what the consumer's URL does.
  init(_ invocation: Invocation, standing: TagStage.Wish) {
    guard !invocation.metadata.isEmpty else {
      self = standing
      return
    }
    let metadata = invocation.metadata
    let tag = metadata.firstValue(of: Self.tagName).map { String(decoding: metadata.block[$0], as: UTF8.self) }
    let force = metadata.firstValue(of: Self.forceName).map { String(decoding: metadata.block[$0], as: UTF8.self) }
    self.init(
      tag: tag.flatMap { $0.isEmpty ? nil : $0 } ?? standing.tag,
      isForced: force.map { $0.lowercased() == "true" } ?? standing.isForced)
  }

  init(_ consumer: DubboURL) {
    self.init(tag: consumer.tag ?? "", isForced: consumer[ForceTagKey.self])
  }
}
