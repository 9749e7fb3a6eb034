/// Names and values beside a log's sentence, in order; a later one of the same name replaces an earlier one.
public struct LogFields: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  public struct Field: Sendable, Hashable {
    public var name: String
    public var value: String
  }

  public private(set) var all: [Field] = []

  public init(dictionaryLiteral pairs: (String, any CustomStringConvertible)...) {
    for (name, value) in pairs { self[name] = value.description }
  }

  public subscript(name: String) -> String? {
    get { all.first { $0.name == name }?.value }
    set {
      all.removeAll { $0.name == name }
      if let newValue { all.append(Field(name: name, value: newValue)) }
    }
  }

  public mutating func append(_ others: LogFields) {
    if all.isEmpty { all = others.all } else { for field in others.all { self[field.name] = field.value } }
  }
}
