/// What a registry of types asks of an extension without knowing its types.
protocol RegisteredExtension: Sendable {
  var name: String { get }
  var number: Int32 { get }
  func readJSON(from json: inout JSONReader, into fields: inout UnknownFields) throws(JSONFault)
  func writeJSON(_ fields: UnknownFields, to json: inout JSONWriter) throws(JSONEncodingError)
}

extension MessageExtension: RegisteredExtension {
  func readJSON(from json: inout JSONReader, into fields: inout UnknownFields) throws(JSONFault) {
    if let value = try Content.readJSON(from: &json) { set(value, in: &fields) }
  }

  func writeJSON(_ fields: UnknownFields, to json: inout JSONWriter) throws(JSONEncodingError) {
    let value: Content.Value?
    do throws(WireError) {
      value = try self.value(in: fields)
    } catch {
      throw JSONEncodingError(messageName: Extended.protoMessageName, problem: "the extension \(name): \(error)")
    }
    guard let value else { return }
    json.key(text: "[\(name)]")
    try Content.writeJSON(value, to: &json)
  }
}

extension JSONReader {
  /// `nextField` for a message with extensions: those that the registry knows are read on the way.
  public mutating func nextField<M: ExtensibleMessage>(
    _ fields: inout JSONFields, of _: M.Type, _ unknownFields: inout UnknownFields
  ) throws(JSONFault) -> Int? {
    while try nextName(&fields) {
      guard end - cursor >= 2, cursor[1] == UInt8(ascii: "[") else {
        if let index = try field(&fields) { return index }
        continue
      }
      let place = cursor
      let name = try string()
      guard accept(UInt8(ascii: ":")) else { throw expected("':'") }
      if let known = types.extension(named: name, of: M.protoMessageName) {
        guard fields.mark(extension: known.number) else { throw fault("the field comes twice", at: place) }
        if !null() { try known.readJSON(from: &self, into: &unknownFields) }
      } else {
        guard ignoresUnknown else { throw fault("the registry of types has no extension '\(name)'", at: place) }
        try skipValue()
      }
    }
    return nil
  }
}

extension JSONWriter {
  /// The extensions that the registry knows, in the order of their numbers.
  public mutating func extensions<M: ExtensibleMessage>(
    of _: M.Type, _ unknownFields: UnknownFields
  ) throws(JSONEncodingError) {
    guard !unknownFields.isEmpty else { return }
    for known in types.extensions(of: M.protoMessageName) { try known.writeJSON(unknownFields, to: &self) }
  }
}
