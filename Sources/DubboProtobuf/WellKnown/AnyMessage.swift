/// A message of any type, packed: in JSON an object with the type under `@type` and its fields beside it.
extension Google_Protobuf_Any: JSONValueMessage {
  /// Packs a message.
  public init(_ message: some Message, typePrefix: String = "type.googleapis.com") throws(BinaryEncodingError) {
    self.init()
    try pack(message, typePrefix: typePrefix)
  }

  private mutating func pack<M: Message>(_ message: M, typePrefix: String) throws(BinaryEncodingError) {
    value = try message.serializedBytes(partial: true)
    typeURL = typePrefix + "/" + M.protoMessageName
  }

  /// Whether a message of this type is packed.
  public func isA<M: Message>(_: M.Type) -> Bool {
    guard let slash = typeURL.lastIndex(of: "/") else { return false }
    return typeURL[typeURL.index(after: slash)...] == M.protoMessageName
  }

  /// The packed message; nil if it is of another type.
  public func unpacked<M: Message>(as type: M.Type) throws(BinaryDecodingError) -> M? {
    guard isA(type) else { return nil }
    return try M(serializedBytes: value)
  }

  public func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) {
    json.beginObject()
    if !typeURL.isEmpty {
      guard let type = json.types.type(named: typeURL) else {
        throw noJSON("the registry of types has no '\(typeURL)'")
      }
      guard json.depth > 0 else { throw noJSON("messages are packed in each other too deep") }
      json.depth -= 1
      json.key("\"@type\":")
      json.string(typeURL)
      try writePacked(type, to: &json)
      json.depth += 1
    } else if !value.isEmpty {
      throw noJSON("a value without a type")
    }
    json.endObject()
  }

  private func writePacked<M: Message>(_ type: M.Type, to json: inout JSONWriter) throws(JSONEncodingError) {
    let message: M
    do throws(BinaryDecodingError) {
      message = try M(serializedBytes: value, partial: true)
    } catch {
      throw noJSON(error.description)
    }
    try message.writeJSONFields(to: &json)
  }

  public mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault) {
    let place = json.cursor
    try json.beginObject()
    if json.accept(UInt8(ascii: "}")) {
      json.depth += 1
      return
    }
    guard let url = try Self.findType(&json) else {
      throw json.fault("expected the type of a packed message under '@type'", at: place)
    }
    guard let type = json.types.type(named: url) else {
      throw json.fault("the registry of types has no '\(url)'", at: place)
    }
    typeURL = url
    value = try Self.pack(type, &json, from: place)
  }

  /// Reads all members and comes back with the text under `@type`, which need not come first.
  private static func findType(_ json: inout JSONReader) throws(JSONFault) -> String? {
    var url: String?
    repeat {
      guard json.peek() == UInt8(ascii: "\"") else { throw json.expected("a name in quotes") }
      let place = json.cursor
      let name = try json.string()
      guard json.accept(UInt8(ascii: ":")) else { throw json.expected("':'") }
      if name == "@type" {
        guard url == nil else { throw json.fault("the field comes twice", at: place) }
        url = try json.string()
      } else {
        try json.skipValue()
      }
    } while json.accept(UInt8(ascii: ","))
    guard json.accept(UInt8(ascii: "}")) else { throw json.expected("',' or '}'") }
    json.depth += 1
    return url
  }

  private static func pack<M: Message>(
    _ type: M.Type, _ json: inout JSONReader, from start: UnsafePointer<UInt8>
  ) throws(JSONFault) -> [UInt8] {
    json.cursor = start
    var message = M()
    let outer = json.typeKeyDepth
    if M.isJSONValue {
      var fields = JSONFields("@type\nvalue\u{2}\n")
      try json.beginObject()
      while let field = try json.nextField(&fields) {
        if field == 0 { _ = try json.string() } else { try message.mergeJSON(from: &json) }
      }
    } else {
      json.typeKeyDepth = json.depth - 1
      try message.mergeJSON(from: &json)
    }
    json.typeKeyDepth = outer
    do throws(BinaryEncodingError) {
      return try message.serializedBytes(partial: true)
    } catch {
      throw json.fault(error.description, at: start)
    }
  }
}
