/// How the messages of a call are written, as its content type says.
public enum PayloadFormat: String, Sendable, Hashable {
  /// `application/grpc+proto`.
  case protobuf
  /// `application/grpc+json`.
  case json
}

/// The format of an invocation's messages; protobuf when there is none.
public enum PayloadFormatKey: AttributeKey {
  public typealias Value = PayloadFormat
}

extension DubboURL {
  /// What `serialization` says of the messages of a service: JSON when it is `json`, else protobuf.
  public var payloadFormat: PayloadFormat { serialization == "json" ? .json : .protobuf }
}
