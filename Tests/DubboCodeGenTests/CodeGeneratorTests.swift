import DubboProtobuf
import Testing

@testable import DubboCodeGen

struct CodeGeneratorTests {
  private typealias Request = Google_Protobuf_Compiler_CodeGeneratorRequest
  private typealias Response = Google_Protobuf_Compiler_CodeGeneratorResponse

  private func field(
    _ name: String, _ number: Int32, _ type: Google_Protobuf_FieldDescriptorProto.TypeEnum, of typeName: String = ""
  ) -> Google_Protobuf_FieldDescriptorProto {
    .with {
      $0.name = name
      $0.number = number
      $0.label = .optional
      $0.type = type
      if !typeName.isEmpty { $0.typeName = typeName }
    }
  }

  private func file(_ name: String, _ messages: [Google_Protobuf_DescriptorProto])
    -> Google_Protobuf_FileDescriptorProto
  {
    .with {
      $0.name = name
      $0.package = "p"
      $0.syntax = "proto3"
      $0.messageType = messages
    }
  }

  private func run(_ files: [Google_Protobuf_FileDescriptorProto], _ parameter: String = "") throws -> Response {
    let request = Request.with {
      $0.fileToGenerate = files.map(\.name)
      $0.parameter = parameter
      $0.protoFile = files
    }
    let generator = CodeGenerator { path in
      guard path == "map" else { throw GeneratorError("no file \(path)") }
      return "mapping { module_name: 'Other' proto_file_path: ['other.proto', 'b.proto'] } # all"
    }
    return try Response(serializedBytes: try generator.respond(to: try request.serializedBytes()))
  }

  @Test
  func `two messages of one Swift name are an error that says what to do`() throws {
    let message = Google_Protobuf_DescriptorProto.with { $0.name = "Same" }
    let response = try run([file("a.proto", [message]), file("b.proto", [message])])
    #expect(response.error.contains("'Same'") && response.error.contains("swift_prefix"))
    #expect(response.file.isEmpty)
  }

  @Test
  func `a nested type that would hide one its message refers to is renamed`() throws {
    let outer = Google_Protobuf_DescriptorProto.with {
      $0.name = "Outer"
      $0.nestedType = [.with { $0.name = "Point" }]
      $0.field = [field("mine", 1, .message, of: ".p.Outer.Point"), field("theirs", 2, .message, of: ".p.Point")]
    }
    let response = try run([file("a.proto", [.with { $0.name = "Point" }, outer])])
    #expect(!response.hasError)
    let text = response.file.first?.content ?? ""
    #expect(text.contains("struct PointMessage: DubboProtobuf.Message"))
    #expect(text.contains("var mine: Outer.PointMessage") && text.contains("var theirs: Point {"))
  }

  /// Whether the fields of a boxed message can't be copied takes the compiler time that grows with their square.
  @Test(arguments: [(40, "~Copyable, DubboProtobuf.MessageFields"), (41, "DubboProtobuf.MessageFields")])
  func `only fields that are few are of a type that can't be copied`(count: Int, kind: String) throws {
    let message = Google_Protobuf_DescriptorProto.with {
      $0.name = "Large"
      $0.field = (1...Int32(count)).map { field("f\($0)", $0, .string) }
    }
    let response = try run([file("a.proto", [message])])
    #expect(response.file.first?.content.contains("fileprivate struct _Fields: \(kind) {") ?? false)
  }

  @Test(arguments: [
    ("Colour=Red", "unknown option 'Colour'; known are Visibility"), ("Visibility=public", "accepted are Internal"),
    ("Services=no", "accepted are true, false"), ("ServiceModule=1x", "module's name"),
    ("ProtoPathModuleMappings=none", "no file none"),
  ])
  func `a wrong option is refused with what is accepted`(parameter: String, message: String) throws {
    let response = try run([file("a.proto", [])], parameter)
    #expect(response.error.contains(message), "\(response.error)")
  }

  @Test
  func `files are named as the option says, and two of one name are refused`() throws {
    let files = [file("x/a.proto", []), file("y/a.proto", [])]
    #expect(try run(files).file.map(\.name) == ["x/a.pb.swift", "y/a.pb.swift"])
    #expect(try run(files, "FileNaming=PathToUnderscores").file.map(\.name) == ["x_a.pb.swift", "y_a.pb.swift"])
    #expect(try run(files, "FileNaming=DropPath").error.contains("both become a.pb.swift"))
  }

  @Test
  func `types of another module are written with its name, and it is imported`() throws {
    let other = file("other.proto", [.with { $0.name = "Thing" }])
    var user = file(
      "user.proto",
      [
        .with {
          $0.name = "User"; $0.field = [field("thing", 1, .message, of: ".p.Thing")]
        }
      ])
    user.dependency = ["other.proto"]
    let request = Request.with {
      $0.fileToGenerate = ["user.proto"]
      $0.parameter = "Visibility=Public,ProtoPathModuleMappings=map"
      $0.protoFile = [other, user]
    }
    let generator = CodeGenerator { _ in "mapping { module_name: \"Other\" proto_file_path: \"other.proto\" }" }
    let response = try Response(serializedBytes: try generator.respond(to: try request.serializedBytes()))
    let text = response.file.first?.content ?? ""
    #expect(text.contains("public import Other") && text.contains("public var thing: Other.Thing"))
  }

  @Test
  func `messages have long names on request and the file's own prefix always`() throws {
    var prefixed = file("a.proto", [.with { $0.name = "Thing" }])
    #expect(try run([prefixed], "MessageNames=Full").file[0].content.contains("struct P_Thing:"))
    prefixed.options.swiftPrefix = "My"
    #expect(try run([prefixed]).file[0].content.contains("struct MyThing:"))
  }

  @Test
  func `bytes that are no request are an error`() {
    #expect(throws: (any Error).self) { try CodeGenerator { _ in "" }.respond(to: [0x0f]) }
  }

  @Test
  func `a reference to a type that nobody describes is an error`() throws {
    let message = Google_Protobuf_DescriptorProto.with {
      $0.name = "M"
      $0.field = [field("x", 1, .message, of: ".p.Missing")]
    }
    #expect(try run([file("a.proto", [message])]).error.contains(".p.Missing"))
  }
}
