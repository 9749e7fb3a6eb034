internal import DubboProtobuf

/// An extension that code is generated for.
struct ExtensionModel {
  let field: FieldModel
  unowned let extended: MessageModel
  let fullName: String
  /// Where the source's comments know it.
  let path: [Int32]

  /// What the runtime reads and writes it with.
  var content: String {
    guard case .repeated(let isPacked) = field.shape else { return "SingularContent" }
    return isPacked && field.isPackable ? "PackedContent" : "RepeatedContent"
  }
}
