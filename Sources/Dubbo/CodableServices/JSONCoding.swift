internal import DubboCore

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// `Codable` values as JSON bytes and back, with errors that say what did not fit where.
enum JSONCoding {
  static func encode(_ value: some Encodable, of method: MethodDescriptor) throws -> [UInt8] {
    do {
      return Array(try JSONEncoder().encode(value))
    } catch {
      throw DubboError(
        .internal, "a value for \(method) can't be written as JSON: \(reason(error))", reason: .serialization,
        progress: .notSent, cause: error)
    }
  }

  /// - Parameter code: whose fault it is: the caller's (`invalidArgument`) or the provider's (`internal`).
  static func decode<Value: Decodable>(
    _ type: Value.Type, from bytes: [UInt8], of method: MethodDescriptor, _ code: StatusCode
  ) throws -> Value {
    do {
      // An empty message, which a caller without arguments may send, is no value.
      return try JSONDecoder().decode(type, from: bytes.isEmpty ? Data("null".utf8) : Data(bytes))
    } catch  where bytes.isEmpty && code == .internal {
      throw DubboError(
        code,
        "\(method) was answered with nothing, as failsafe and failback answer in place of a failure; take an optional "
          + "(\(Value.self)?) or NoValue", reason: .serialization, progress: .answered, cause: error)
    } catch {
      throw DubboError(
        code, "the JSON for \(method) does not fit: \(reason(error))", reason: .serialization, progress: .answered,
        cause: error)
    }
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
