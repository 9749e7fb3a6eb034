/// A well-known type whose JSON is a value of its own kind instead of an object with its fields.
protocol JSONValueMessage: Message {}

extension JSONValueMessage {
  public static var isJSONValue: Bool { true }

  /// Inside an `Any`, the value stands under a name.
  public func writeJSONFields(to json: inout JSONWriter) throws(JSONEncodingError) {
    json.key("\"value\":")
    try writeJSON(to: &json)
  }

  func noJSON(_ problem: String) -> JSONEncodingError {
    JSONEncodingError(messageName: Self.protoMessageName, problem: problem)
  }
}
