public import DubboCore
internal import DubboYAML

/// What holds for one method of a service or reference.
public struct MethodConfiguration: Sendable, Hashable {
  /// The method's name, as in the .proto or with a small first letter.
  public var name: String
  /// `timeout`, `retries`, `loadbalance`…, as a URL writes them.
  public var parameters: URLParameters

  public init(name: String, parameters: URLParameters = [:]) {
    self.name = name
    self.parameters = parameters
  }

  private init(name: String, _ fields: YAMLFields) {
    self.name = name
    self.parameters = [:]
    for row in CallParameterRows.call { row.read(fields, into: &parameters) }
    ParameterRow.readFreely(fields, into: &parameters)
    for (names, why) in CallParameterRows.ignoredByMethods { fields.ignore(names, because: why) }
    fields.finish()
  }

  /// `methods`, as a list of mappings with a `name`, or as a mapping by name.
  static func all(_ fields: YAMLFields) -> [MethodConfiguration] {
    guard let methods = fields["methods", "method"] else { return [] }
    if case .mapping = methods.node.content {
      return methods.entries().compactMap { name, _, value in
        value.fields("a method").map { MethodConfiguration(name: name, $0) }
      }
    }
    var names: Set<String> = []
    return methods.list().compactMap { item in
      guard let fields = item.fields("a method") else { return nil }
      fields.require("name")
      let name = fields.string("name") ?? ""
      if !name.isEmpty, !names.insert(name).inserted {
        item.warning("the method \(quotedText(name)) stands here again; what is said twice counts as it is said here")
      }
      return MethodConfiguration(name: name, fields)
    }
  }
}
