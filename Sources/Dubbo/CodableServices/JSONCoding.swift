internal import DubboCore

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// `json`: what values are written in that nobody says anything of.
struct JSONCoding: Serialization {
  var format: PayloadFormat { .json }

  func encode(_ value: some Encodable) throws -> [UInt8] {
    Array(try JSONEncoder().encode(value))
  }

  func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    // An empty message, which a caller without arguments may send, is no value.
    try JSONDecoder().decode(type, from: bytes.isEmpty ? Data("null".utf8) : Data(bytes))
  }
}
