// Conditions as a rule writes them, for explanations.

extension ConditionExpression.Key: CustomStringConvertible {
  var description: String {
    switch self {
    case .method: "method"
    case .argument(let index): "arguments[\(index)]"
    case .argumentCount: "the number of arguments"
    case .attachment(let name): "attachments[\(name)]"
    case .parameter(let name): name
    }
  }
}

extension ConditionExpression.Pair: CustomStringConvertible {
  var description: String {
    func side(_ sign: String, _ values: [ValuePattern]) -> [String] {
      values.isEmpty ? [] : ["\(key)\(sign)\(values.map(\.description).joined(separator: ","))"]
    }
    return (side("=", matches) + side("!=", mismatches)).joined(separator: " & ")
  }
}

extension ValuePattern: CustomStringConvertible {
  var description: String {
    switch self {
    case .glob(let pieces): pieces.joined(separator: "*")
    case .range(let low, let high): "\(low.map(String.init) ?? "")~\(high.map(String.init) ?? "")"
    case .reference(let name): "$\(name)"
    case .match(let match): match.description
    }
  }
}

extension StringMatch: CustomStringConvertible {
  var description: String {
    switch self {
    case .exact(let text): text
    case .prefix(let text): "\(text)*"
    case .regex(let expression): "/\(expression.pattern)/"
    case .wildcard(let text): text
    case .empty: "(empty)"
    case .notEmpty: "(anything)"
    }
  }
}
