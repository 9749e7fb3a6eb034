/// How messages become JSON.
public struct JSONEncodingOptions: Sendable {
  /// `trace_id` instead of `traceId`: what dubbo-go writes.
  public var preserveProtoFieldNames = false
  /// Enums as their numbers instead of their names.
  public var alwaysPrintEnumsAsInts = false
  /// Also fields without presence that have their default.
  public var includesDefaultValues = false
  /// Maps in the order of their keys.
  public var useDeterministicOrdering = false
  /// What `google.protobuf.Any` may hold.
  public var types: TypeRegistry

  public init(types: TypeRegistry = TypeRegistry()) { self.types = types }
}

/// How JSON becomes messages.
public struct JSONDecodingOptions: Sendable {
  /// Skips fields and enum names that the message does not have. Without it they are errors.
  public var ignoreUnknownFields = false
  /// How deep objects and lists may be nested.
  public var messageDepthLimit = 100
  /// What `google.protobuf.Any` may hold.
  public var types: TypeRegistry

  public init(types: TypeRegistry = TypeRegistry()) { self.types = types }
}
