internal import DubboProtobuf

/// The definitions of a .proto, serialized into the code that is generated from it: one text, which costs the compiler
/// nothing and the program nothing until somebody asks for it.
struct ProtoFileEmitter {
  /// No property of a message is called so: theirs go on with a small letter behind the underscore.
  static let name = "_DefiningFile"

  let file: FileModel

  func emit(_ printer: inout CodePrinter) throws {
    printer.gap()
    printer.line("fileprivate let \(Self.name) = DubboProtobuf.ProtoFile(")
    printer.line("  base64: \"\"\"")
    var rest = Base64.text(try descriptor.serializedBytes(partial: true))[...]
    while !rest.isEmpty {
      let line = rest.prefix(100)
      rest = rest.dropFirst(100)
      printer.line("    \(line)\(rest.isEmpty ? "" : "\\")")
    }
    let imports = file.uses.compactMap(Self.reference)
    printer.line(imports.isEmpty ? "    \"\"\")" : "    \"\"\", imports: { [\(imports.joined(separator: ", "))] })")
  }

  /// Without comments, and without imports of which only options are used: for these there may be no code.
  private var descriptor: Google_Protobuf_FileDescriptorProto {
    var descriptor = file.descriptor
    descriptor.clearSourceCodeInfo()
    descriptor.dependency = file.uses.map(\.descriptor.name)
    descriptor.publicDependency = []
    descriptor.weakDependency = []
    return descriptor
  }

  /// How code of another file reaches a file's definitions: by any of its types.
  static func reference(to file: FileModel) -> String? {
    let type: TypeModel? = file.messages.first ?? file.enums.first
    return type.map { $0.reference + ".protoFile" }
  }
}
