internal import DubboProtobuf

/// What every emitter of one file asks.
struct EmitContext {
  let file: FileModel
  let options: GeneratorOptions
  let comments: Comments

  init(_ file: FileModel, _ options: GeneratorOptions) {
    self.file = file
    self.options = options
    self.comments = file.comments
  }

  /// The access level with a space behind it; nothing for Swift's own default.
  var access: String {
    switch options.visibility {
    case .public: "public "
    case .package: "package "
    case .internal: ""
    }
  }

  /// The property that leads from a type to its file.
  func protoFile(_ printer: inout CodePrinter) {
    printer.line("\(access)static var protoFile: DubboProtobuf.ProtoFile { \(ProtoFileEmitter.name) }")
  }

  func comment(_ type: TypeModel) -> [String] {
    let kind = type is EnumModel ? "enum" : "message"
    var text = comments[type.path]
    if text.isEmpty { text = ["The \(kind) `\(type.fullName)`."] }
    let isDeprecated =
      (type as? MessageModel)?.descriptor.options.deprecated ?? (type as? EnumModel)?.descriptor.options.deprecated
    return isDeprecated == true ? text + ["", "Deprecated in the .proto."] : text
  }

  func comment(_ field: FieldModel, in message: MessageModel) -> [String] {
    comments[message.path + [2, Int32(field.index)]]
  }
}
