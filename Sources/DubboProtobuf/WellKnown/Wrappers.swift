// Wrappers: in JSON the bare value. A wrapper that is not there is `null`, or no member at all.

extension Google_Protobuf_DoubleValue: JSONValueMessage {
  public init(_ value: Double) {
    self.init()
    self.value = value
  }

  public func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) { json.double(value) }

  public mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault) { value = try json.double() }
}

extension Google_Protobuf_FloatValue: JSONValueMessage {
  public init(_ value: Float) {
    self.init()
    self.value = value
  }

  public func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) { json.float(value) }

  public mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault) { value = try json.float() }
}

extension Google_Protobuf_Int64Value: JSONValueMessage {
  public init(_ value: Int64) {
    self.init()
    self.value = value
  }

  public func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) { json.int64(value) }

  public mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault) { value = try json.int64() }
}

extension Google_Protobuf_UInt64Value: JSONValueMessage {
  public init(_ value: UInt64) {
    self.init()
    self.value = value
  }

  public func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) { json.uint64(value) }

  public mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault) { value = try json.uint64() }
}

extension Google_Protobuf_Int32Value: JSONValueMessage {
  public init(_ value: Int32) {
    self.init()
    self.value = value
  }

  public func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) { json.int32(value) }

  public mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault) { value = try json.int32() }
}

extension Google_Protobuf_UInt32Value: JSONValueMessage {
  public init(_ value: UInt32) {
    self.init()
    self.value = value
  }

  public func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) { json.uint32(value) }

  public mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault) { value = try json.uint32() }
}

extension Google_Protobuf_BoolValue: JSONValueMessage {
  public init(_ value: Bool) {
    self.init()
    self.value = value
  }

  public func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) { json.bool(value) }

  public mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault) { value = try json.bool() }
}

extension Google_Protobuf_StringValue: JSONValueMessage {
  public init(_ value: String) {
    self.init()
    self.value = value
  }

  public func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) { json.string(value) }

  public mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault) { value = try json.string() }
}

extension Google_Protobuf_BytesValue: JSONValueMessage {
  public init(_ value: [UInt8]) {
    self.init()
    self.value = value
  }

  public func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) { json.bytes(value) }

  public mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault) { value = try json.bytes() }
}
