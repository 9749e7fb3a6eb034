extension Message {
  /// The message in protobuf's text format, one field a line, in the order of their numbers; unknown fields by number.
  ///
  /// For people and logs: it shows everything, and its bytes are the same for equal messages.
  public var debugDescription: String {
    do {
      let bytes = try serializedBytes(partial: true)
      return try DynamicMessage(
        named: Self.protoMessageName, types: Self.protoFile.definitions, serializedBytes: bytes
      ).debugDescription
    } catch {
      return "# \(Self.protoMessageName) cannot be shown: \(error)\n"
    }
  }
}
