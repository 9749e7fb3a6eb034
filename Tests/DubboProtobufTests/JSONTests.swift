import DubboProtobuf
import Testing

struct JSONTests {
  static let numbers: [(String, Numbers)] = [
    (#"{}"#, Numbers()),
    (
      #"{"int32":-5,"int64":"-9223372036854775808"}"#,
      .with {
        $0.int32 = -5; $0.int64 = .min
      }
    ),
    (
      #"{"uint32":4294967295,"uint64":"18446744073709551615"}"#,
      .with {
        $0.uint32 = .max; $0.uint64 = .max
      }
    ),
    (
      #"{"fixed64":"1","sfixed64":"-1"}"#,
      .with {
        $0.fixed64 = 1; $0.sfixed64 = -1
      }
    ),
    (
      #"{"float":0.1,"double":0.1}"#,
      .with {
        $0.float = 0.1; $0.double = 0.1
      }
    ),
    (#"{"float":"NaN"}"#.replacing("NaN", with: "Infinity"), .with { $0.float = .infinity }),
    (#"{"double":"-Infinity"}"#, .with { $0.double = -.infinity }),
    (#"{"double":-0.0}"#, .with { $0.double = -0.0 }),
    (#"{"double":1e+20}"#, .with { $0.double = 1e20 }),
    (#"{"double":5e-324}"#, .with { $0.double = .leastNonzeroMagnitude }),
    (#"{"double":9007199254740992}"#, .with { $0.double = 9_007_199_254_740_992 }),
    (
      #"{"bool":true,"color":"COLOR_GREEN"}"#,
      .with {
        $0.bool = true; $0.color = .green
      }
    ),
    (#"{"color":42}"#, .with { $0.color = .UNRECOGNIZED(42) }),
  ]

  @Test(arguments: numbers)
  func `a number has exactly this JSON, both ways`(text: String, message: Numbers) throws {
    #expect(try message.jsonString() == text)
    #expect(try Numbers(jsonString: text) == message)
  }

  static let lenient: [(String, Numbers)] = [
    (
      #" { "int32" : 1.0 , "int64" : 1e5 } "#,
      .with {
        $0.int32 = 1; $0.int64 = 100_000
      }
    ),
    (
      #"{"int32":"100000.000","uint32":"1e3"}"#,
      .with {
        $0.int32 = 100_000; $0.uint32 = 1_000
      }
    ),
    (#"{"int64":9223372036854775807,"int32":-0}"#, .with { $0.int64 = .max }),
    (#"{"int32":null,"color":1}"#, .with { $0.color = .red }),
    (
      #"{"double":"1.5","float":2}"#,
      .with {
        $0.double = 1.5; $0.float = 2
      }
    ),
    (#"{"double":1.7976931348623157e308}"#, .with { $0.double = .greatestFiniteMagnitude }),
    (
      #"{"double":0.30000000000000004,"float":16777217}"#,
      .with {
        $0.double = 0.1 + 0.2; $0.float = 16_777_216
      }
    ),
    (#"{"\u0069nt32":5}"#, .with { $0.int32 = 5 }),
    (#"{"int32":1.000000000000000000000000000000}"#, .with { $0.int32 = 1 }),
    (
      #"{"int32":"2\u003147","double":"\u0031.5"}"#,
      .with {
        $0.int32 = 2147; $0.double = 1.5
      }
    ),
    (#"{"int32":10000000000000000000000e-22}"#, .with { $0.int32 = 1 }),
  ]

  @Test(arguments: lenient)
  func `numbers are read in every form that the mapping allows`(text: String, message: Numbers) throws {
    #expect(try Numbers(jsonString: text) == message)
  }

  @Test(arguments: [
    "", "null", "[]", "{", "{}}", "{} x", #"{"int32":1,}"#, "{'int32':1}", "{int32:1}", #"{"int32":+1}"#,
    #"{"int32":01}"#, #"{"int32":-01}"#, #"{"int32":0.5}"#, #"{"int32":" 1"}"#, #"{"int32":"1 "}"#, #"{"int32":""}"#,
    #"{"int32":2147483648}"#, #"{"int32":-2147483649}"#, #"{"uint32":-1}"#, #"{"uint64":18446744073709551616}"#,
    #"{"int64":9223372036854775808}"#, #"{"int32":1e10}"#, #"{"int32":NaN}"#, #"{"double":NaN}"#, #"{"double":1e400}"#,
    #"{"float":3.502823e+38}"#, #"{"bool":1}"#, #"{"bool":"true"}"#, #"{"color":"COLOR_BLUE"}"#, #"{"int32":true}"#,
    #"{"int32":1,"int32":2}"#, #"{"int32":1 "int64":2}"#, #"{"unknown":1}"#, #"{"int32":1/**/}"#, #"{"int32":[1]}"#,
    #"{"int32":1.}"#, #"{"int32":.5}"#, #"{"int32":1e}"#, #"{"int32":-}"#, #"{"int32""#, #"{"int32":"#, #"{"int32"#,
  ])
  func `what is no JSON of the message is refused`(text: String) {
    #expect(throws: JSONDecodingError.self) { try Numbers(jsonString: text) }
  }

  @Test
  func `text is escaped and read with its escapes`() throws {
    let message = Texts.with {
      $0.string = "a\"\\\n\u{1}é👋/"; $0.bytes = [0xfb, 0xff, 0]
    }
    let text = #"{"string":"a\"\\\n\u0001é👋/","bytes":"+/8A"}"#
    #expect(try message.jsonString() == text)
    #expect(try Texts(jsonString: text) == message)
    #expect(try Texts(jsonString: #"{"string":"\ud83d\udc4b\/\b\f\r\t"}"#).string == "👋/\u{8}\u{c}\r\t")
    for bytes in ["-_8A", "-_8A", "+_8A"] {
      #expect(try Texts(jsonString: #"{"bytes":"\#(bytes)"}"#).bytes == [0xfb, 0xff, 0])
    }
    for bytes in ["AQ==", "AQ"] { #expect(try Texts(jsonString: #"{"bytes":"\#(bytes)"}"#).bytes == [1]) }
  }

  @Test(arguments: [
    #"{"string":"\ud83d"}"#, #"{"string":"\udc4b"}"#, #"{"string":"\ud83dx"}"#, #"{"string":"\ud83d\u0041"}"#,
    #"{"string":"\U0041"}"#, #"{"string":"\u12"}"#, #"{"string":"a"#, #"{"string":"\"#, "{\"string\":\"\n\"}",
    #"{"string":5}"#, #"{"bytes":"A"}"#, #"{"bytes":"A*=="}"#, #"{"bytes":"AQ==="}"#, #"{"bytes":"AQ="}"#,
  ])
  func `broken strings are refused`(text: String) {
    #expect(throws: JSONDecodingError.self) { try Texts(jsonString: text) }
  }

  @Test
  func `bytes that are not UTF-8 are refused`() {
    let text = [UInt8](#"{"string":""#.utf8) + [0xff] + [UInt8](#""}"#.utf8)
    #expect(throws: JSONDecodingError.self) { try Texts(jsonUTF8Bytes: text) }
  }

  @Test
  func `lists, maps and oneofs round-trip`() throws {
    let lists = Lists.with {
      $0.int32 = [1, 2]; $0.string = ["a", ""]; $0.point = [.with { $0.x = 1 }]; $0.color = [.red]
    }
    #expect(
      try lists.jsonString() == #"{"int32":[1,2],"color":["COLOR_RED"],"string":["a",""],"point":[{"x":1}]}"#)
    #expect(try Lists(jsonString: try lists.jsonString()) == lists)
    let maps = Maps.with {
      $0.counts = ["a": 1, "b": 2]; $0.points = [true: Point()]; $0.blobs = [-5: [1]]
    }
    var options = JSONEncodingOptions()
    options.useDeterministicOrdering = true
    #expect(
      try maps.jsonString(options: options) == #"{"counts":{"a":1,"b":2},"points":{"true":{}},"blobs":{"-5":"AQ=="}}"#)
    #expect(try Maps(jsonString: try maps.jsonString()) == maps)
    #expect(try Maps(jsonString: #"{"points":{"tr\u0075e":{}},"names":{"\u0031":"x"}}"#).names == [1: "x"])
    #expect(throws: JSONDecodingError.self) { try Numbers(jsonString: #"{"int32":"\"\u0031"}"#) }
    #expect(try Choice(jsonString: #"{"number":null,"text":"a"}"#).value == .text("a"))
    #expect(throws: JSONDecodingError.self) { try Choice(jsonString: #"{"number":1,"text":"a"}"#) }
    #expect(throws: JSONDecodingError.self) { try Lists(jsonString: #"{"int32":[1,null]}"#) }
    #expect(throws: JSONDecodingError.self) { try Lists(jsonString: #"{"int32":[1,]}"#) }
    #expect(throws: JSONDecodingError.self) { try Maps(jsonString: #"{"counts":{"a":null}}"#) }
    #expect(throws: JSONDecodingError.self) { try Maps(jsonString: #"{"points":{true:{}}}"#) }
  }

  @Test
  func `presence shows in JSON`() throws {
    #expect(
      try Optionals.with {
        $0.int32 = 0; $0.point = Point()
      }.jsonString() == #"{"int32":0,"point":{}}"#)
    #expect(try Optionals(jsonString: #"{"string":""}"#).hasString)
  }

  @Test
  func `options choose names, numbers and defaults`() throws {
    var options = JSONEncodingOptions()
    options.preserveProtoFieldNames = true
    #expect(try Holder.with { $0.snakeCaseName = 1 }.jsonString(options: options) == #"{"snake_case_name":1}"#)
    #expect(try Holder.with { $0.renamed = 1 }.jsonString() == #"{"other-Name":1}"#)
    for name in ["snakeCaseName", "snake_case_name"] {
      #expect(try Holder(jsonString: #"{"\#(name)":7}"#).snakeCaseName == 7)
    }
    #expect(throws: JSONDecodingError.self) { try Holder(jsonString: #"{"snakeCaseName":7,"snake_case_name":7}"#) }
    options.alwaysPrintEnumsAsInts = true
    #expect(try Numbers.with { $0.color = .red }.jsonString(options: options) == #"{"color":1}"#)
    options.includesDefaultValues = true
    #expect(try Point().jsonString(options: options) == #"{"x":0,"y":0}"#)
    #expect(try Tree().jsonString(options: options) == #"{"label":"","more":[]}"#)
  }

  @Test
  func `unknown fields and enum names are skipped on request, after a look at their form`() throws {
    var options = JSONDecodingOptions()
    options.ignoreUnknownFields = true
    let text = #"{"a":{"b":[1,"x",null,{"c":-1.5e3}],"d":true},"int32":5,"color":"COLOR_BLUE"}"#
    #expect(try Numbers(jsonString: text, options: options) == .with { $0.int32 = 5 })
    #expect(try Lists(jsonString: #"{"color":["COLOR_BLUE","COLOR_RED"]}"#, options: options).color == [.red])
    for broken in [#"{"a":[1,]}"#, #"{"a":{"b"}}"#, #"{"a":tru}"#, #"{"a":01}"#] {
      #expect(throws: JSONDecodingError.self) { try Numbers(jsonString: broken, options: options) }
    }
  }

  @Test
  func `nesting is limited`() throws {
    func nested(_ levels: Int) -> String {
      String(repeating: #"{"left":"#, count: levels) + "{}" + String(repeating: "}", count: levels)
    }
    #expect(try Tree(jsonString: nested(99)).hasLeft)
    #expect(throws: JSONDecodingError.self) { try Tree(jsonString: nested(100)) }
    var options = JSONDecodingOptions()
    options.ignoreUnknownFields = true
    #expect(throws: JSONDecodingError.self) {
      try Point(jsonString: #"{"a":"# + String(repeating: "[", count: 100_000), options: options)
    }
  }

  @Test
  func `an error names the path, the line and the column`() {
    let text = "{\n  \"point\": [{\"x\": 1}, {\"y\": \"abc\"}]\n}"
    let error = #expect(throws: JSONDecodingError.self) { try Lists(jsonString: text) }
    #expect(error?.path == "$.point[1].y" && error?.line == 2 && error?.column == 29)
    #expect(error?.description.contains("expected a number, found \"abc\"") ?? false, "\(String(describing: error))")
    let unknown = #expect(throws: JSONDecodingError.self) { try Tree(jsonString: #"{"left":{"lable":"x"}}"#) }
    #expect(unknown?.description.contains("$.left") ?? false)
    #expect(unknown?.problem == "the message has no field 'lable'")
  }
}
