/// A message: its type, its properties, and an extension that reads and writes it.
struct MessageEmitter {
  let model: MessageModel
  let context: EmitContext

  private var properties: PropertyEmitter { PropertyEmitter(model: model, context: context) }
  private var wire: WireEmitter { WireEmitter(model: model) }

  func emit(_ printer: inout CodePrinter) {
    printer.gap()
    printer.doc(context.comment(model))
    printer.block(
      "\(context.access)struct \(model.swiftName): DubboProtobuf.\(model.isExtensible ? "ExtensibleMessage" : "Message")"
    ) { printer in
      properties.emit(&printer)
      printer.gap()
      printer.line("\(context.access)init() {}")
      for oneof in model.oneofs { OneofEmitter(oneof: oneof, message: model, context: context).emit(&printer) }
      for nested in model.enums { EnumEmitter(model: nested, context: context).emit(&printer) }
      for nested in model.messages { MessageEmitter(model: nested, context: context).emit(&printer) }
      if model.layout.isBoxed { boxedFields(&printer) }
    }
  }

  /// The fields of a boxed message, reached in place: a type that can't be copied by accident, but for one with so many
  /// fields that the compiler would take minutes to make sure of it.
  private func boxedFields(_ printer: inout CodePrinter) {
    printer.gap()
    let kind = model.borrowsFields ? "~Copyable, DubboProtobuf.MessageFields" : "DubboProtobuf.MessageFields"
    printer.block("fileprivate struct _Fields: \(kind)") { printer in
      for line in properties.storage { printer.line(line) }
      printer.line("var unknownFields = DubboProtobuf.UnknownFields()")
      printer.gap()
      printer.line("init() {}")
      printer.gap()
      FieldsEmitter(names: properties.storedNames + ["unknownFields"]).emit(&printer)
      guard model.borrowsFields else { return }
      printer.gap()
      printer.block("func write(to writer: inout DubboProtobuf.WireWriter)") { printer in
        WriteEmitter(model: model, isInFields: true).emit(&printer)
      }
    }
  }

  /// The conformance's functions, behind all types of the file.
  func emitExtensions(_ printer: inout CodePrinter) {
    let access = context.access
    printer.gap()
    printer.block("extension \(model.nestedName)") { printer in
      printer.line("\(access)static var protoMessageName: String { \(quoted(model.fullName)) }")
      context.protoFile(&printer)
      printer.gap()
      wire.emit(&printer, access: access)
      guard !model.isJSONValue else { return }
      printer.gap()
      JSONEmitter(model: model).emit(&printer, access: access)
      ExtensionsEmitter(extensions: model.extensions, context: context).emit(in: model, &printer)
    }
    for nested in model.messages { MessageEmitter(model: nested, context: context).emitExtensions(&printer) }
  }
}

/// Copying, comparing and hashing fields, for which Swift makes nothing up when a type can't be copied.
struct FieldsEmitter {
  let names: [String]

  func emit(_ printer: inout CodePrinter) {
    printer.block("static func copy(_ fields: UnsafePointer<Self>, to copy: UnsafeMutablePointer<Self>)") { printer in
      for name in names { printer.line("copy.pointee.\(name) = fields.pointee.\(name)") }
    }
    printer.gap()
    printer.block("static func areEqual(_ left: UnsafePointer<Self>, _ right: UnsafePointer<Self>) -> Bool") {
      printer in
      for name in names { printer.line("if left.pointee.\(name) != right.pointee.\(name) { return false }") }
      printer.line("return true")
    }
    printer.gap()
    printer.block("static func hash(_ fields: UnsafePointer<Self>, into hasher: inout Hasher)") { printer in
      for name in names { printer.line("hasher.combine(fields.pointee.\(name))") }
    }
  }
}

extension MessageModel {
  /// Whether the boxed fields are written by a method of their own, for which they cannot change meanwhile: then none of
  /// them is retained, which takes half of the time. With many fields the compiler would take too long for it.
  var borrowsFields: Bool { layout.isBoxed && slots.count <= 40 }

  /// The lines before code that changes the fields.
  func openForWriting(_ printer: inout CodePrinter) {
    guard layout.isBoxed else { return }
    printer.line("let box = _storage.unique()")
    printer.line("defer { extendLifetime(box) }")
    printer.line("let fields = box.address")
  }

  /// The lines before code that reads the fields; `otherwise` is what to do when none was ever set.
  func openForReading(_ printer: inout CodePrinter, otherwise: String) {
    guard layout.isBoxed else { return }
    printer.line("guard let box = _storage.box else { \(otherwise) }")
    printer.line("defer { extendLifetime(box) }")
    printer.line("let fields = box.address")
  }
}
