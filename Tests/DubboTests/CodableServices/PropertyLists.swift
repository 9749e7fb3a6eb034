import Dubbo
import Foundation
import Synchronization

/// Property lists, whose outermost value is a list or a dictionary.
struct PropertyLists: Serialization {
  let format: PayloadFormat
  /// What was written and read.
  var log: MessageLog?

  func encode(_ value: some Encodable) throws -> [UInt8] {
    log?.count()
    return Array(try PropertyListEncoder().encode([value]))
  }

  func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    log?.count()
    guard let value = try PropertyListDecoder().decode([Value].self, from: Data(bytes)).first else {
      throw DecodingError.valueNotFound(type, .init(codingPath: [], debugDescription: "nothing"))
    }
    return value
  }
}

final class MessageLog: Sendable {
  private let stored = Mutex(0)
  var messages: Int { stored.withLock { $0 } }
  func count() { stored.withLock { $0 += 1 } }
}
