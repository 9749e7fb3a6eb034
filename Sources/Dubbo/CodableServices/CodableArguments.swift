// The arguments of a method on the wire: one is its own value, none or several are an array of them.

/// What routing rules and hash keys see of arguments: their texts, where all of them are texts, numbers or flags.
func argumentTexts(_ arguments: [any Sendable]) -> [String]? {
  var texts: [String] = []
  for argument in arguments {
    guard let value = argument as? any LosslessStringConvertible else { return nil }
    texts.append(value.description)
  }
  return texts.isEmpty ? nil : texts
}

struct NoArguments: Codable, Sendable {
  init() {}

  /// Whatever comes is taken for no argument.
  init(from decoder: any Decoder) throws {}

  func encode(to encoder: any Encoder) throws {
    _ = encoder.unkeyedContainer()
  }
}

struct TwoArguments<First: Sendable, Second: Sendable>: Sendable {
  var first: First
  var second: Second
}

struct ThreeArguments<First: Sendable, Second: Sendable, Third: Sendable>: Sendable {
  var first: First
  var second: Second
  var third: Third
}

extension TwoArguments: Encodable where First: Encodable, Second: Encodable {
  func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(first)
    try container.encode(second)
  }
}

extension TwoArguments: Decodable where First: Decodable, Second: Decodable {
  init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer(of: 2)
    first = try container.decode(First.self)
    second = try container.decode(Second.self)
  }
}

extension ThreeArguments: Encodable where First: Encodable, Second: Encodable, Third: Encodable {
  func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(first)
    try container.encode(second)
    try container.encode(third)
  }
}

extension ThreeArguments: Decodable where First: Decodable, Second: Decodable, Third: Decodable {
  init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer(of: 3)
    first = try container.decode(First.self)
    second = try container.decode(Second.self)
    third = try container.decode(Third.self)
  }
}

extension Decoder {
  fileprivate func unkeyedContainer(of needed: Int) throws -> any UnkeyedDecodingContainer {
    guard let container = try? unkeyedContainer() else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath, debugDescription: "\(needed) arguments are needed, as an array"))
    }
    if let count = container.count, count != needed {
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath, debugDescription: "\(needed) arguments are needed, not \(count)"))
    }
    return container
  }
}

/// The result of a method that has none: `null` in JSON, a single nil in another serialization, and whatever comes is taken for it.
public struct NoValue: Codable, Sendable, Hashable {
  public init() {}

  public init(from decoder: any Decoder) throws {}

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encodeNil()
  }
}
