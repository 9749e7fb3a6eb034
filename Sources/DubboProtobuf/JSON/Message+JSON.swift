extension Message {
  /// Decodes a message from JSON text in UTF-8.
  public init(
    jsonUTF8Bytes bytes: [UInt8], options: JSONDecodingOptions = JSONDecodingOptions()
  ) throws(JSONDecodingError) {
    self.init()
    try bytes.span.bytes.withUnsafeBytes { bytes throws(JSONDecodingError) in
      try self.merge(json: bytes, options)
    }
  }

  /// Decodes a message from JSON text.
  public init(
    jsonString text: String, options: JSONDecodingOptions = JSONDecodingOptions()
  ) throws(JSONDecodingError) {
    try self.init(jsonUTF8Bytes: [UInt8](text.utf8), options: options)
  }

  mutating func merge(json bytes: UnsafeRawBufferPointer, _ options: JSONDecodingOptions) throws(JSONDecodingError) {
    try JSONReader.read(bytes, Self.protoMessageName, options) { reader throws(JSONFault) in
      try self.mergeJSON(from: &reader)
      guard self.isInitialized else { throw reader.fault("a required field is missing") }
    }
  }

  /// Encodes the message as JSON text in UTF-8.
  public func jsonUTF8Bytes(options: JSONEncodingOptions = JSONEncodingOptions()) throws(JSONEncodingError) -> [UInt8] {
    try withJSON(options) { [UInt8]($0) }
  }

  /// Encodes the message as JSON text.
  public func jsonString(options: JSONEncodingOptions = JSONEncodingOptions()) throws(JSONEncodingError) -> String {
    try withJSON(options) { String(decoding: $0, as: UTF8.self) }
  }

  private func withJSON<Result>(
    _ options: JSONEncodingOptions, _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(JSONEncodingError) -> Result {
    guard isInitialized else {
      throw JSONEncodingError(messageName: Self.protoMessageName, problem: "a required field is not set")
    }
    var failure: JSONEncodingError?
    let result = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1_024) { room -> Result? in
      guard let start = room.baseAddress else { return nil }
      var writer = JSONWriter(out: WireWriter(lent: start, count: room.count), options)
      do throws(JSONEncodingError) {
        try writeJSON(to: &writer)
        return writer.out.withBytes(body)
      } catch {
        failure = error
        return nil
      }
    }
    if let result { return result }
    throw failure ?? JSONEncodingError(messageName: Self.protoMessageName, problem: "there is no memory")
  }

  /// `{`, the fields, `}`: what most messages are in JSON. Well-known types say otherwise.
  @inlinable
  public func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) {
    json.beginObject()
    try writeJSONFields(to: &json)
    json.endObject()
  }

  @inlinable public static var isJSONValue: Bool { false }
}

extension JSONReader {
  /// Reads one document; a fault becomes an error that names its place.
  static func read(
    _ bytes: UnsafeRawBufferPointer, _ messageName: String, _ options: JSONDecodingOptions,
    _ body: (inout JSONReader) throws(JSONFault) -> Void
  ) throws(JSONDecodingError) {
    // An empty text has no address to read from; it is told like any other that ends too early.
    let empty: StaticString = " "
    let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? empty.utf8Start
    var reader = JSONReader(start, count: bytes.count, options)
    do throws(JSONFault) {
      try body(&reader)
      try reader.finish()
    } catch {
      let place = JSONPlace(bytes, offset: error.offset)
      throw JSONDecodingError(
        messageName: messageName, problem: error.problem, path: place.path, line: place.line, column: place.column)
    }
  }
}
