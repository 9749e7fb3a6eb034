import DubboProtobuf
import Testing

struct DynamicMessageTests {
  private typealias Field = Google_Protobuf_FieldDescriptorProto

  private static func field(
    _ name: String, _ number: Int32, _ type: Field.TypeEnum, _ label: Field.Label = .optional, of typeName: String = "",
    oneof: Int32? = nil
  ) -> Field {
    .with {
      $0.name = name
      $0.number = number
      $0.type = type
      $0.label = label
      if !typeName.isEmpty { $0.typeName = typeName }
      if let oneof { $0.oneofIndex = oneof }
    }
  }

  private let types = DescriptorSet([
    .with {
      $0.package = "dubbo.test"
      $0.syntax = "proto3"
      $0.enumType = [
        .with {
          $0.name = "Color"
          $0.value = [
            .with {
              $0.name = "COLOR_UNSPECIFIED"; $0.number = 0
            },
            .with {
              $0.name = "COLOR_RED"; $0.number = 1
            },
          ]
        }
      ]
      $0.messageType = [
        .with {
          $0.name = "Point"
          $0.field = [field("x", 1, .int32), field("y", 2, .int32)]
        },
        .with {
          $0.name = "Lists"
          $0.field = [
            field("int32", 1, .int32, .repeated), field("sint64", 2, .sint64, .repeated),
            field("fixed32", 3, .fixed32, .repeated), field("double", 4, .double, .repeated),
            field("bool", 5, .bool, .repeated), field("color", 6, .enum, .repeated, of: ".dubbo.test.Color"),
            field("string", 7, .string, .repeated), field("bytes", 8, .bytes, .repeated),
            field("point", 9, .message, .repeated, of: ".dubbo.test.Point"),
          ]
        },
        .with {
          $0.name = "Maps"
          $0.nestedType = [
            .with {
              $0.name = "CountsEntry"
              $0.options.mapEntry = true
              $0.field = [field("key", 1, .string), field("value", 2, .int32)]
            },
            .with {
              $0.name = "PointsEntry"
              $0.options.mapEntry = true
              $0.field = [field("key", 1, .bool), field("value", 2, .message, of: ".dubbo.test.Point")]
            },
          ]
          $0.field = [
            field("counts", 1, .message, .repeated, of: ".dubbo.test.Maps.CountsEntry"),
            field("points", 3, .message, .repeated, of: ".dubbo.test.Maps.PointsEntry"),
          ]
        },
        .with {
          $0.name = "Choice"
          $0.oneofDecl = [.with { $0.name = "value" }]
          $0.field = [
            field("number", 1, .int32, oneof: 0), field("text", 2, .string, oneof: 0),
            field("point", 3, .message, of: ".dubbo.test.Point", oneof: 0), field("after", 5, .string),
          ]
        },
      ]
      $0.service = [
        .with {
          $0.name = "Places"
          $0.method = [
            .with {
              $0.name = "Find"; $0.inputType = ".dubbo.test.Point"; $0.outputType = ".dubbo.test.Lists"
            }
          ]
        }
      ]
    }
  ])

  /// What generated code writes is read and written the same, as binary and as JSON.
  private func check<M: Message>(_ message: M) throws {
    let bytes = try message.serializedBytes()
    let dynamic = try DynamicMessage(named: M.protoMessageName, types: types, serializedBytes: bytes)
    #expect(try M(serializedBytes: dynamic.serializedBytes()) == message)
    #expect(try M(jsonString: try dynamic.jsonString()) == message)
    let fromJSON = try DynamicMessage(named: M.protoMessageName, types: types, jsonString: try message.jsonString())
    #expect(try M(serializedBytes: fromJSON.serializedBytes()) == message)
  }

  @Test
  func `messages pass through without generated code`() throws {
    try check(
      Point.with {
        $0.x = -1; $0.y = 7
      })
    try check(
      Lists.with {
        $0.int32 = [1, -1]
        $0.sint64 = [.min]
        $0.fixed32 = [7]
        $0.double = [0.1]
        $0.bool = [true]
        $0.color = [.red, .UNRECOGNIZED(9)]
        $0.string = ["a", ""]
        $0.bytes = [[1], []]
        $0.point = [Point(), .with { $0.x = 1 }]
      })
    try check(
      Maps.with {
        $0.counts = ["a": 1, "b": 0]; $0.points = [true: Point()]
      })
    try check(
      Choice.with {
        $0.number = 0; $0.after = "z"
      })
  }

  @Test
  func `fields are reached by name, and a oneof holds one of its members`() throws {
    var message = try #require(DynamicMessage(named: "dubbo.test.Choice", types: types))
    message["number"] = .int32(5)
    message["text"] = .string("a")
    #expect(message["number"] == nil && message["text"] == .string("a"))
    #expect(hex(message.serializedBytes()) == "12 01 61")
    #expect(DynamicMessage(named: "dubbo.test.None", types: types) == nil)
  }

  @Test
  func `wrong JSON is refused by the field's name`() {
    let error = #expect(throws: JSONDecodingError.self) {
      try DynamicMessage(named: "dubbo.test.Lists", types: types, jsonString: #"{"point":[{"x":"a"}]}"#)
    }
    #expect(error?.path == "$.point[0].x")
    for text in [#"{"z":1}"#, #"{"color":["BLUE"]}"#, #"{"int32":[null]}"#, #"{"int32":[1],"int32":[1]}"#, "{"] {
      #expect(throws: JSONDecodingError.self) {
        try DynamicMessage(named: "dubbo.test.Lists", types: types, jsonString: text)
      }
    }
    #expect(throws: JSONDecodingError.self) {
      try DynamicMessage(named: "dubbo.test.Choice", types: types, jsonString: #"{"number":1,"text":""}"#)
    }
  }

  @Test
  func `the text format shows a message to people`() throws {
    let bytes = try Lists.with {
      $0.string = ["a\n\"é"]; $0.bytes = [[0xff]]; $0.point = [.with { $0.x = 1 }]; $0.color = [.red]
    }
    .serializedBytes()
    let message = try DynamicMessage(named: "dubbo.test.Lists", types: types, serializedBytes: bytes)
    #expect(
      message.debugDescription == """
        color: COLOR_RED
        string: "a\\n\\"é"
        bytes: "\\377"
        point {
          x: 1
        }

        """)
  }

  @Test
  func `services are listed with their methods`() {
    #expect(types.services.map(\.fullName) == ["dubbo.test.Places"])
    #expect(types.service(named: "dubbo.test.Places")?.methods.first?.outputType == "dubbo.test.Lists")
  }

  @Test
  func `a number that a closed enum does not have is kept as an unknown field`() throws {
    let types = Legacy.protoFile.definitions
    // level 9; levels 2, 9 and [1, 8] packed; by_name "a": 9 and "b": 1.
    let bytes: [UInt8] =
      [24, 9, 32, 2, 32, 9, 34, 2, 1, 8, 74, 5, 10, 1, 97, 16, 9, 74, 5, 10, 1, 98, 16, 1]
    let message = try DynamicMessage(named: "dubbo.test.Legacy", types: types, serializedBytes: bytes)
    #expect(message["level"] == nil && message["levels"] == .list([.enumeration(2), .enumeration(1)]))
    #expect(message["by_name"] == .map([.string("b"): .enumeration(1)]))
    let generated = try Legacy(serializedBytes: bytes, partial: true)
    #expect(message.unknownFields == generated.unknownFields && !generated.unknownFields.isEmpty)
    #expect(message.serializedBytes() == (try generated.serializedBytes(partial: true)))
  }
}
