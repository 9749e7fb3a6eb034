internal import DubboProtobuf

/// The constants that name extensions.
struct ExtensionsEmitter {
  let extensions: [ExtensionModel]
  let context: EmitContext

  /// Those of a file, which share a name's beginning.
  func emit(prefix: String, _ printer: inout CodePrinter) {
    for field in extensions { emit(field, "let \(prefix)Extensions_\(field.field.swiftName)", &printer) }
  }

  /// Those of a message, in a type of their own.
  func emit(in message: MessageModel, _ printer: inout CodePrinter) {
    guard !extensions.isEmpty else { return }
    printer.gap()
    printer.line("/// The extensions that `\(message.fullName)` declares.")
    printer.block("\(context.access)enum Extensions") { printer in
      for field in extensions { emit(field, "static let \(field.field.name)", &printer) }
    }
  }

  private func emit(_ model: ExtensionModel, _ declaration: String, _ printer: inout CodePrinter) {
    printer.gap()
    let comment = context.comments[model.path]
    printer.doc(comment.isEmpty ? ["The extension `\(model.fullName)`."] : comment)
    if model.field.isDeprecated { printer.line("@available(*, deprecated)") }
    printer.line("\(context.access)\(declaration) = DubboProtobuf.MessageExtension<")
    printer.line("  \(model.extended.reference), DubboProtobuf.\(model.content)<\(model.field.codec)>")
    let fallback = model.field.descriptor.hasDefaultValue ? ", defaultValue: \(model.field.defaultLiteral)" : ""
    printer.line(">(name: \(quoted(model.fullName)), number: \(model.field.number)\(fallback))")
  }
}
