public import DubboCore

/// Writes and reads the `Codable` values of services without a .proto and of generic references, one message each.
///
/// What travels is whatever `encode` makes; both sides have to know the same. Calls use it from many tasks at the same
/// time. What it throws ends the call: with `INTERNAL` where a value cannot be written, with `INVALID_ARGUMENT` for an
/// argument and with `INTERNAL` for a result that cannot be read. The error's text says which method is meant, and of a
/// `DecodingError` where in the value it lies.
///
/// One argument is written as it is; none or several are a value that encodes itself as an unkeyed container. A method
/// without a result returns a single nil.
public protocol Serialization: Sendable {
  /// What the content type says of its messages: `application/grpc+SUBTYPE`. The same for its whole life.
  var format: PayloadFormat { get }

  /// The message that carries `value`.
  func encode(_ value: some Encodable) throws -> [UInt8]

  /// The value in `bytes`, which came from another program and may be anything. What it throws for no bytes at all does not
  /// count where nil will do: that is what they mean, from a caller without arguments or in place of a failure.
  func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value
}

/// The extension point of serializations, by the name that `serialization` says for a service without a .proto or for a
/// generic reference, or a provider's URL for a reference that says nothing; `json` comes with the framework. A factory runs
/// once for each service that is offered, and for each reference once or, at a moment of many calls, a few times.
///
/// The stubs of a .proto write protobuf, whatever `serialization` says: it is no serialization of this point, and
/// `protobuf` chooses none.
public enum Serializations: ExtensionPoint {
  public typealias Factory = @Sendable () throws -> any Serialization
  public static let name = SerializationKey.name
}
