internal import DubboCore

/// The values of one method as messages and back, with errors that say what did not fit where.
struct ValueCoding: Sendable {
  let method: MethodDescriptor
  let serialization: any Serialization

  func encode(_ value: some Encodable) throws -> [UInt8] {
    do {
      return try serialization.encode(value)
    } catch {
      throw DubboError(
        .internal, "a value for \(method) can't be written as \(name): \(Self.reason(error))", reason: .serialization,
        progress: .notSent, cause: error)
    }
  }

  /// - Parameter code: whose fault it is: the caller's (`invalidArgument`) or the provider's (`internal`).
  func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8], _ code: StatusCode) throws -> Value {
    do {
      return try serialization.decode(type, from: bytes)
    } catch  where bytes.isEmpty {
      // No value, in any serialization: for an optional, for no argument and for no result.
      if let none = try? JSONCoding().decode(type, from: bytes) { return none }
      guard code == .internal else { throw misfit(code, error) }
      throw DubboError(
        code,
        "\(method) was answered with nothing, as failsafe and failback answer in place of a failure; take an optional "
          + "(\(Value.self)?) or NoValue", reason: .serialization, progress: .answered, cause: error)
    } catch {
      throw misfit(code, error)
    }
  }

  private func misfit(_ code: StatusCode, _ error: any Error) -> DubboError {
    DubboError(
      code, "the \(name) for \(method) does not fit: \(Self.reason(error))", reason: .serialization,
      progress: .answered, cause: error)
  }

  private var name: String {
    serialization.format == .json ? "JSON" : serialization.format.description
  }

  private static func reason(_ error: any Error) -> String {
    switch error as? DecodingError {
    case .keyNotFound(let key, let context): "the key '\(key.stringValue)' is missing\(place(context.codingPath))"
    case .typeMismatch(let type, let context): "there is no \(type)\(place(context.codingPath))"
    case .valueNotFound(let type, let context): "null stands where a \(type) is needed\(place(context.codingPath))"
    case .dataCorrupted(let context): "\(context.debugDescription)\(place(context.codingPath))"
    default: "\(error)"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    guard !path.isEmpty else { return "" }
    return " at " + path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
  }
}
