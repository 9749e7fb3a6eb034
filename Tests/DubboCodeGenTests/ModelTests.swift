import DubboProtobuf
import Testing

@testable import DubboCodeGen

struct ModelTests {
  private func field(
    _ name: String, _ number: Int32, _ type: String,
    _ set: (inout Google_Protobuf_FieldDescriptorProto) -> Void = { _ in }
  ) -> Google_Protobuf_FieldDescriptorProto {
    .with {
      $0.name = name
      $0.number = number
      $0.label = .optional
      $0.type = .message
      $0.typeName = type
      set(&$0)
    }
  }

  /// Everything that models say of each other: a message in itself, members of a oneof, a map's entry, an extension of the
  /// message that declares it, and two files that use each other, which no protoc lets through.
  private var files: [Google_Protobuf_FileDescriptorProto] {
    let entry = Google_Protobuf_DescriptorProto.with {
      $0.name = "Entry"
      $0.options.mapEntry = true
      $0.field = [field("key", 1, "") { $0.type = .string }, field("value", 2, ".p.Tree")]
    }
    let tree = Google_Protobuf_DescriptorProto.with {
      $0.name = "Tree"
      $0.nestedType = [entry]
      $0.oneofDecl = [.with { $0.name = "either" }]
      $0.field = [
        field("left", 1, ".p.Tree"), field("one", 2, ".p.Tree") { $0.oneofIndex = 0 },
        field("other", 3, ".p.Leaf") { $0.oneofIndex = 0 }, field("map", 4, ".p.Tree.Entry") { $0.label = .repeated },
      ]
      $0.extensionRange = [.with { $0.end = 200 }]
      $0.extension = [field("more", 100, ".p.Tree") { $0.extendee = ".p.Tree" }]
    }
    let leaf = Google_Protobuf_DescriptorProto.with {
      $0.name = "Leaf"
      $0.field = [field("tree", 1, ".p.Tree")]
    }
    return [("tree.proto", tree), ("leaf.proto", leaf)].map { name, message in
      .with {
        $0.name = name
        $0.package = "p"
        $0.messageType = [message]
      }
    }
  }

  @Test func `A model that is let go leaves nothing behind`() throws {
    weak var file: FileModel?
    weak var tree: MessageModel?
    weak var oneof: OneofModel?
    weak var member: FieldModel?
    do {
      let options = try GeneratorOptions(parsing: "") { _ in "" }
      let model = try Model(files, generating: ["tree.proto", "leaf.proto"], options: options)
      file = model.files.first
      tree = try model.message(".p.Tree")
      oneof = tree?.oneofs.first
      member = oneof?.fields.last
      #expect(file?.usedByTypes.map(\.descriptor.name) == ["leaf.proto"])
      #expect(tree?.extensions.first?.extended === tree && tree?.fields.first?.message === tree)
      #expect(member?.name == "other" && member?.message?.fullName == "p.Leaf")
      extendLifetime(model)
    }
    #expect(file == nil && tree == nil && oneof == nil && member == nil)
  }
}
