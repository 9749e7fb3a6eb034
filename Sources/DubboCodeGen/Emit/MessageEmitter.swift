/// A message: its type, its properties, and an extension that reads and writes it.
struct MessageEmitter {
  let model: MessageModel
  let context: EmitContext

  private var properties: PropertyEmitter { PropertyEmitter(model: model, context: context) }
  private var wire: WireEmitter { WireEmitter(model: model) }

  func emit(_ printer: inout CodePrinter) {
    printer.gap()
    printer.doc(context.comment(model))
    printer.block("\(context.access)struct \(model.swiftName): DubboProtobuf.Message") { printer in
      properties.emit(&printer)
      printer.gap()
      printer.line("\(context.access)init() {}")
      for oneof in model.oneofs { OneofEmitter(oneof: oneof, message: model, context: context).emit(&printer) }
      for nested in model.enums { EnumEmitter(model: nested, context: context).emit(&printer) }
      for nested in model.messages { MessageEmitter(model: nested, context: context).emit(&printer) }
      if model.layout.isBoxed { boxedFields(&printer) }
    }
  }

  /// The fields of a boxed message: a type that can't be copied by accident, reached in place.
  private func boxedFields(_ printer: inout CodePrinter) {
    printer.gap()
    printer.block("fileprivate struct _Fields: ~Copyable, DubboProtobuf.MessageFields") { printer in
      for line in properties.storage { printer.line(line) }
      printer.line("var unknownFields = DubboProtobuf.UnknownFields()")
      printer.gap()
      printer.line("init() {}")
      printer.gap()
      FieldsEmitter(names: properties.storedNames + ["unknownFields"]).emit(&printer)
      printer.gap()
      wire.emit(&printer, access: "")
      printer.gap()
      if !model.isJSONValue { JSONEmitter(model: model).emit(&printer, access: "") }
    }
  }

  /// The conformance's functions, behind all types of the file.
  func emitExtensions(_ printer: inout CodePrinter) {
    let access = context.access
    printer.gap()
    printer.block("extension \(model.nestedName)") { printer in
      printer.line("\(access)static var protoMessageName: String { \(quoted(model.fullName)) }")
      printer.gap()
      if model.layout.isBoxed {
        forwarders(&printer)
      } else {
        wire.emit(&printer, access: access)
        printer.gap()
        if !model.isJSONValue { JSONEmitter(model: model).emit(&printer, access: access) }
      }
    }
    for nested in model.messages { MessageEmitter(model: nested, context: context).emitExtensions(&printer) }
  }

  private func forwarders(_ printer: inout CodePrinter) {
    let access = context.access
    if model.layout.hasRequired {
      printer.line("\(access)var isInitialized: Bool { _storage.box?.fields.isInitialized ?? _Fields().isInitialized }")
      printer.gap()
    }
    printer.block(
      "\(access)mutating func merge(from reader: inout DubboProtobuf.WireReader) throws(DubboProtobuf.WireError)"
    ) {
      $0.line("try _storage.unique().fields.merge(from: &reader)")
    }
    printer.gap()
    printer.block("\(access)func write(to writer: inout DubboProtobuf.WireWriter)") {
      $0.line("_storage.box?.fields.write(to: &writer)")
    }
    guard !model.isJSONValue else { return }
    printer.gap()
    printer.block("\(access)mutating func mergeJSON(from json: inout DubboProtobuf.JSONReader) throws(DubboProtobuf.JSONFault)") {
      $0.line("try _storage.unique().fields.mergeJSON(from: &json)")
    }
    printer.gap()
    printer.block(
      "\(access)func writeJSONFields(to json: inout DubboProtobuf.JSONWriter) throws(DubboProtobuf.JSONEncodingError)"
    ) { printer in
      printer.block("if let box = _storage.box", end: "} else if json.writesDefaults {") {
        $0.line("try box.fields.writeJSONFields(to: &json)")
      }
      printer.line("  try _Fields().writeJSONFields(to: &json)")
      printer.line("}")
    }
  }
}

/// Copying, comparing and hashing fields, for which Swift makes nothing up when a type can't be copied.
struct FieldsEmitter {
  let names: [String]

  func emit(_ printer: inout CodePrinter) {
    printer.block("func copied() -> Self") { printer in
      printer.line("var copy = Self()")
      for name in names { printer.line("copy.\(name) = self.\(name)") }
      printer.line("return copy")
    }
    printer.gap()
    printer.block("func isEqual(to other: borrowing Self) -> Bool") { printer in
      for name in names { printer.line("if self.\(name) != other.\(name) { return false }") }
      printer.line("return true")
    }
    printer.gap()
    printer.block("func hash(into hasher: inout Hasher)") { printer in
      for name in names { printer.line("hasher.combine(self.\(name))") }
    }
  }
}
