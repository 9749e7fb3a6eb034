/// A JSON object of any shape.
extension Google_Protobuf_Struct: JSONValueMessage {
  public init(fields: [String: Google_Protobuf_Value]) {
    self.init()
    self.fields = fields
  }

  public func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) {
    try json.object(ProtoString.self, ProtoMessage<Google_Protobuf_Value>.self, fields)
  }

  public mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault) {
    try json.object(ProtoString.self, ProtoMessage<Google_Protobuf_Value>.self, &fields)
  }
}

/// A JSON list of any values.
extension Google_Protobuf_ListValue: JSONValueMessage {
  public init(values: [Google_Protobuf_Value]) {
    self.init()
    self.values = values
  }

  public func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) {
    try json.array(ProtoMessage<Google_Protobuf_Value>.self, values)
  }

  public mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault) {
    try json.array(ProtoMessage<Google_Protobuf_Value>.self, &values)
  }
}

/// Any JSON value.
extension Google_Protobuf_Value: JSONValueMessage {
  public func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) {
    switch kind {
    case .nullValue: json.put("null")
    case .numberValue(let value):
      guard value.isFinite else { throw noJSON("JSON has no infinity and no NaN") }
      json.double(value)
    case .stringValue(let value): json.string(value)
    case .boolValue(let value): json.bool(value)
    case .structValue(let value): try value.writeJSON(to: &json)
    case .listValue(let value): try value.writeJSON(to: &json)
    case nil: throw noJSON("the value is not set")
    }
  }

  public mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault) {
    switch json.peek() {
    case UInt8(ascii: "n"):
      guard json.null() else { throw json.expected("a value") }
      kind = .nullValue(.nullValue)
    case UInt8(ascii: "t"), UInt8(ascii: "f"): kind = .boolValue(try json.bool())
    case UInt8(ascii: "\""): kind = .stringValue(try json.string())
    case UInt8(ascii: "{"): kind = .structValue(try json.message())
    case UInt8(ascii: "["): kind = .listValue(try json.message())
    default: kind = .numberValue(try json.double())
    }
  }
}

extension Google_Protobuf_Value: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .with { $0.stringValue = value } }
  public init(floatLiteral value: Double) { self = .with { $0.numberValue = value } }
  public init(integerLiteral value: Int) { self = .with { $0.numberValue = Double(value) } }
  public init(booleanLiteral value: Bool) { self = .with { $0.boolValue = value } }
  public init(nilLiteral: ()) { self = .with { $0.nullValue = .nullValue } }
  public init(arrayLiteral values: Google_Protobuf_Value...) {
    self = .with { $0.listValue = Google_Protobuf_ListValue(values: values) }
  }
  public init(dictionaryLiteral pairs: (String, Google_Protobuf_Value)...) {
    self = .with { $0.structValue.fields = Dictionary(pairs) { $1 } }
  }
}
