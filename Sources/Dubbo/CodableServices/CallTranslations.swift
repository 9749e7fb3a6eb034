internal import DubboCluster
internal import DubboCore
internal import Synchronization

/// A unary call at providers that say themselves what they speak: written anew for one that does not read what was written.
struct UnaryTranslation<Arguments: Encodable & Sendable>: CallTranslation {
  private let method: MethodDescriptor
  private let arguments: Arguments
  private let serializations: ProviderSerializations
  /// What filters see.
  private let first: NamedSerialization
  /// Nil when these arguments can't be written so.
  private let message: [UInt8]?

  /// Writes the message of `invocation`.
  init(_ arguments: Arguments, _ serializations: ProviderSerializations, for invocation: inout Invocation) {
    method = invocation.method
    self.arguments = arguments
    self.serializations = serializations
    first = serializations.latest
    message = try? ValueCoding(method: method, serialization: first.serialization).encode(arguments)
    invocation.write(message ?? [], in: first)
    invocation.attributes[CallTranslationKey.self] = self
  }

  func reaches(_ provider: DubboURL, with invocation: Invocation) -> Bool {
    guard let wanted = try? serializations.serialization(of: provider) else { return false }
    return isWritten(in: wanted) || isUntouched(invocation)
  }

  func translated(
    _ invocation: Invocation, for provider: DubboURL
  ) throws -> (invocation: Invocation, serialization: String?) {
    let wanted = try serializations.serialization(of: provider)
    serializations.use(wanted)
    var invocation = invocation
    if !isWritten(in: wanted) {
      guard isUntouched(invocation) else {
        throw DubboError.otherSerialization(
          at: provider, wanted, than: first, "a filter has changed the message of \(method)")
      }
      let coding = ValueCoding(method: method, serialization: wanted.serialization)
      invocation.write(try coding.encode(arguments), in: wanted)
    }
    return (invocation, wanted.name)
  }

  /// What `reply` is read with, which it says no more then; one of which no provider says is in what filters saw the call
  /// in.
  func takeCoding(of reply: inout Reply) -> ValueCoding {
    let answered = reply.serialization.flatMap(serializations.named) ?? first
    reply.serialization = nil
    return ValueCoding(method: method, serialization: answered.serialization)
  }

  private func isWritten(in wanted: NamedSerialization) -> Bool { wanted.name == first.name && message != nil }

  /// Whether no filter has put another message in the place of this one: what it did would be lost.
  private func isUntouched(_ invocation: Invocation) -> Bool {
    if case .message(let bytes) = invocation.body { return bytes == message ?? [] }
    return false
  }
}

/// A stream at providers that say themselves what they speak: all of it is in what the provider speaks that it begins
/// with, and it goes to no other.
final class StreamTranslation: CallTranslation, Serialization {
  private let serializations: ProviderSerializations
  private let settled = Mutex<NamedSerialization?>(nil)

  init(_ serializations: ProviderSerializations, for options: inout CallOptions) {
    self.serializations = serializations
    options.attributes[PayloadFormatKey.self] = serializations.latest.serialization.format
    options.attributes[CallTranslationKey.self] = self
  }

  func reaches(_ provider: DubboURL, with invocation: Invocation) -> Bool {
    guard let wanted = try? serializations.serialization(of: provider) else { return false }
    return settled.withLock { $0.map { $0.name == wanted.name } ?? true }
  }

  func translated(
    _ invocation: Invocation, for provider: DubboURL
  ) throws -> (invocation: Invocation, serialization: String?) {
    let wanted = try serializations.serialization(of: provider)
    let first = settled.withLock { settled in
      settled = settled ?? wanted
      return settled ?? wanted
    }
    guard first.name == wanted.name else {
      throw DubboError.otherSerialization(
        at: provider, wanted, than: first, "the stream \(invocation.method) has begun")
    }
    serializations.use(wanted)
    var invocation = invocation
    invocation.attributes[PayloadFormatKey.self] = wanted.serialization.format
    return (invocation, nil)
  }

  // Streams run in attempts, which settle this first.
  private var present: any Serialization { (settled.withLock { $0 } ?? serializations.latest).serialization }

  var format: PayloadFormat { present.format }

  func encode(_ value: some Encodable) throws -> [UInt8] { try present.encode(value) }

  func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    try present.decode(type, from: bytes)
  }
}

extension Invocation {
  fileprivate mutating func write(_ message: [UInt8], in serialization: NamedSerialization) {
    body = .message(message)
    attributes[PayloadFormatKey.self] = serialization.serialization.format
  }
}

extension DubboError {
  fileprivate static func otherSerialization(
    at provider: DubboURL, _ wanted: NamedSerialization, than first: NamedSerialization, _ why: String
  ) -> DubboError {
    DubboError(
      .unavailable,
      "\(provider.address) has messages in \(wanted.name), and \(why) in \(first.name); name one serialization at the reference",
      reason: .noProvider, progress: .notSent)
  }
}
