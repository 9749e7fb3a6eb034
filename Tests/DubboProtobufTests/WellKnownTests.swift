import DubboProtobuf
import Testing

struct WellKnownTests {
  @Test(arguments: [
    (0, 0, "1970-01-01T00:00:00Z"), (1_709_208_000, 500_000_000, "2024-02-29T12:00:00.500Z"),
    (-62_135_596_800, 0, "0001-01-01T00:00:00Z"), (253_402_300_799, 999_999_999, "9999-12-31T23:59:59.999999999Z"),
    (-1, 1_000, "1969-12-31T23:59:59.000001Z"), (951_782_400, 0, "2000-02-29T00:00:00Z"),
    (-2_203_891_200, 0, "1900-03-01T00:00:00Z"),
  ])
  func `a timestamp is written and read`(seconds: Int64, nanos: Int32, text: String) throws {
    let time = Google_Protobuf_Timestamp(seconds: seconds, nanos: nanos)
    #expect(try time.jsonString() == "\"\(text)\"")
    #expect(try Google_Protobuf_Timestamp(jsonString: "\"\(text)\"") == time)
  }

  @Test
  func `a timestamp is read with an offset`() throws {
    let time = try Google_Protobuf_Timestamp(jsonString: #""2024-01-01T00:30:00.1+01:00""#)
    #expect(try time.jsonString() == #""2023-12-31T23:30:00.100Z""#)
  }

  @Test(arguments: [
    "2024-01-01t00:00:00Z", "2024-01-01T00:00:00z", "2024-01-01 00:00:00Z", "2024-01-01T00:00:00",
    "0000-01-01T00:00:00Z",
    "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00.Z",
    "10000-01-01T00:00:00Z",
    "2024-01-01T00:00:00.1234567890Z", "0001-01-01T00:00:00+01:00", "", "2024-01-01T00:00:00+1:00",
  ])
  func `what is no timestamp is refused`(text: String) {
    #expect(throws: JSONDecodingError.self) { try Google_Protobuf_Timestamp(jsonString: "\"\(text)\"") }
  }

  @Test
  func `times out of range have no JSON`() {
    #expect(throws: JSONEncodingError.self) { try Google_Protobuf_Timestamp(seconds: 253_402_300_800).jsonString() }
    #expect(throws: JSONEncodingError.self) { try Google_Protobuf_Timestamp(seconds: 0, nanos: -1).jsonString() }
    #expect(throws: JSONEncodingError.self) { try Google_Protobuf_Duration(seconds: 315_576_000_001).jsonString() }
    #expect(throws: JSONEncodingError.self) { try Google_Protobuf_Duration(seconds: 1, nanos: -1).jsonString() }
  }

  @Test(arguments: [
    (1, 500_000_000, "1.500s"), (0, -500_000_000, "-0.500s"), (-1, -1, "-1.000000001s"), (0, 0, "0s"),
    (315_576_000_000, 0, "315576000000s"), (3, 1_000, "3.000001s"),
  ])
  func `a duration is written and read`(seconds: Int64, nanos: Int32, text: String) throws {
    let span = Google_Protobuf_Duration(seconds: seconds, nanos: nanos)
    #expect(try span.jsonString() == "\"\(text)\"")
    #expect(try Google_Protobuf_Duration(jsonString: "\"\(text)\"") == span)
    #expect(Google_Protobuf_Duration(span.duration) == span)
  }

  @Test(arguments: ["1", "1.s", ".5s", "s", "1 s", "315576000001s", "1.1234567890s", "--1s", "99999999999999999999s"])
  func `what is no duration is refused`(text: String) {
    #expect(throws: JSONDecodingError.self) { try Google_Protobuf_Duration(jsonString: "\"\(text)\"") }
  }

  @Test
  func `a time before the epoch counts its nanoseconds forwards`() {
    let time = Google_Protobuf_Timestamp(sinceEpoch: .milliseconds(-1_500))
    #expect(time.seconds == -2 && time.nanos == 500_000_000 && time.durationSinceEpoch == .milliseconds(-1_500))
  }

  @Test
  func `a field mask is one string, and only paths that come back have one`() throws {
    let mask = Google_Protobuf_FieldMask(paths: ["foo_bar", "a.b_c"])
    #expect(try mask.jsonString() == #""fooBar,a.bC""#)
    #expect(try Google_Protobuf_FieldMask(jsonString: #""fooBar,a.bC""#) == mask)
    for path in ["fooBar", "foo_3_bar", "foo__bar", "foo_"] {
      #expect(throws: JSONEncodingError.self) { try Google_Protobuf_FieldMask(paths: [path]).jsonString() }
    }
    #expect(throws: JSONDecodingError.self) { try Google_Protobuf_FieldMask(jsonString: #""foo_bar""#) }
  }

  @Test
  func `any JSON is a value, and comes back`() throws {
    let text =
      #"{"object":{"a":[1,"x",null,true,{"b":{}}]},"value":null,"list":[1.5],"values":[null,2],"nothing":null}"#
    let holder = try Holder(jsonString: text)
    #expect(holder.hasValue && holder.value == nil as Google_Protobuf_Value && holder.values == [nil, 2])
    #expect(holder.list == Google_Protobuf_ListValue(values: [1.5]))
    #expect(holder.object.fields["a"]?.listValue.values.count == 5)
    #expect(try Holder(serializedBytes: try holder.serializedBytes()) == holder)
    #expect(try Holder(jsonString: try holder.jsonString()) == holder)
    #expect(throws: JSONEncodingError.self) { try Google_Protobuf_Value().jsonString() }
    #expect(throws: JSONEncodingError.self) { try Google_Protobuf_Value.with { $0.numberValue = .nan }.jsonString() }
  }

  @Test
  func `wrappers are their bare values`() throws {
    let holder = Holder.with {
      $0.big = .init(5); $0.text = .init("")
    }
    #expect(try holder.jsonString() == #"{"big":"5","text":""}"#)
    #expect(try Holder(jsonString: #"{"big":5,"text":null}"#) == .with { $0.big = .init(5) })
    #expect(try Google_Protobuf_BytesValue([1]).jsonString() == #""AQ==""#)
  }

  @Test
  func `a packed message shows its type and its fields`() throws {
    let types = TypeRegistry([Point.self, Holder.self])
    let holder = Holder.with { $0.packed = (try? Google_Protobuf_Any(Point.with { $0.x = 3 })) ?? .init() }
    let text = #"{"packed":{"@type":"type.googleapis.com/dubbo.test.Point","x":3}}"#
    #expect(try holder.jsonString(options: .init(types: types)) == text)
    #expect(try Holder(jsonString: text, options: .init(types: types)) == holder)
    let late = #"{"packed":{"x":3,"@type":"type.googleapis.com/dubbo.test.Point"}}"#
    #expect(try Holder(jsonString: late, options: .init(types: types)) == holder)
    #expect(try holder.packed.unpacked(as: Point.self)?.x == 3)
    #expect(try holder.packed.unpacked(as: Tree.self) == nil)
    #expect(throws: JSONEncodingError.self) { try holder.jsonString() }
    #expect(throws: JSONDecodingError.self) { try Holder(jsonString: text) }
  }

  @Test
  func `well-known types and packed messages are packed too`() throws {
    let types = TypeRegistry([Holder.self])
    let span = Holder.with { $0.packed = (try? Google_Protobuf_Any(Google_Protobuf_Duration(seconds: 1))) ?? .init() }
    let text = #"{"packed":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1s"}}"#
    #expect(try span.jsonString() == text)
    #expect(try Holder(jsonString: text) == span)
    let nested = Holder.with { $0.packed = (try? Google_Protobuf_Any(span)) ?? .init() }
    let json = try nested.jsonString(options: .init(types: types))
    #expect(try Holder(jsonString: json, options: .init(types: types)) == nested)
    #expect(try Holder(jsonString: #"{"packed":{}}"#).packed == Google_Protobuf_Any())
    for broken in [
      #"{"packed":{"value":"1s"}}"#, #"{"packed":{"@type":"x"}}"#, #"{"packed":{"@type":5}}"#, #"{"packed":[]}"#,
    ] {
      #expect(throws: JSONDecodingError.self) { try Holder(jsonString: broken) }
    }
  }
}
