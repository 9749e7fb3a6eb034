/// The functions that read and write a message's fields, where the fields are.
struct WireEmitter {
  let model: MessageModel

  func emit(_ printer: inout CodePrinter, access: String) {
    if model.layout.hasRequired {
      RequiredEmitter(model: model).emit(&printer, access: access)
      printer.gap()
    }
    printer.block(
      "\(access)mutating func merge(from reader: inout DubboProtobuf.WireReader) throws(DubboProtobuf.WireError)"
    ) {
      printer in
      // An empty message takes no memory, so that a peer cannot make much of it with few bytes.
      if model.layout.isBoxed { printer.line("if reader.atEnd { return }") }
      model.openForWriting(&printer)
      printer.block("while !reader.atEnd") { printer in
        printer.line("let tag = try reader.tag()")
        printer.line("switch tag {")
        for field in model.fields { read(field, &printer) }
        printer.line("default: try reader.unknown(tag, &\(model.unknownFields))")
        printer.line("}")
      }
    }
    printer.gap()
    printer.block("\(access)func write(to writer: inout DubboProtobuf.WireWriter)") { printer in
      model.openForReading(&printer, otherwise: "return")
      if model.borrowsFields {
        printer.line("fields.pointee.write(to: &writer)")
      } else {
        WriteEmitter(model: model).emit(&printer)
      }
    }
  }

  private func read(_ field: FieldModel, _ printer: inout CodePrinter) {
    let stored = model.reference(field)
    let tag = field.tag
    switch field.shape {
    case .map(let key, let value):
      let tag = field.tag(2)
      if value.isClosedEnum {
        printer.line(
          "case \(tag): try reader.map(\(key.codec).self, \(value.codec).self, &\(stored), \(tag), &\(model.unknownFields))"
        )
      } else {
        printer.line("case \(tag): try reader.map(\(key.codec).self, \(value.codec).self, &\(stored), \(tag))")
      }
    case .repeated: readRepeated(field, stored, &printer)
    case .oneof(let oneof): readMember(field, of: model.reference(oneof), &printer)
    case .implicit, .explicit, .required:
      if field.isGroup {
        printer.line("case \(tag): try reader.group(&\(stored), \(field.number))")
      } else if field.message != nil {
        printer.line("case \(tag): try reader.message(&\(stored))")
      } else if field.isClosedEnum {
        readClosedEnum(field, &printer) { "\(stored) = \($0)" }
      } else {
        printer.line("case \(tag): \(stored) = try reader.\(field.function)()")
      }
    }
  }

  private func readRepeated(_ field: FieldModel, _ stored: String, _ printer: inout CodePrinter) {
    let tag = field.tag
    if field.isGroup {
      printer.line("case \(tag): try reader.groups(&\(stored), \(field.number))")
    } else if field.message != nil {
      printer.line("case \(tag): try reader.messages(&\(stored), \(tag))")
    } else if field.isClosedEnum {
      printer.line("case \(tag), \(field.tag(2)): try reader.closedEnums(&\(stored), tag, &\(model.unknownFields))")
    } else {
      printer.line("case \(tag): try reader.repeated(\(field.codec).self, &\(stored), \(tag))")
      if field.isPackable { printer.line("case \(field.tag(2)): try reader.packed(\(field.codec).self, &\(stored))") }
    }
  }

  private func readMember(_ field: FieldModel, of oneof: String, _ printer: inout CodePrinter) {
    let tag = field.tag
    if field.message == nil {
      if field.isClosedEnum {
        readClosedEnum(field, &printer) { "\(oneof) = .\(field.name)(\($0))" }
      } else {
        printer.line("case \(tag): \(oneof) = .\(field.name)(try reader.\(field.function)())")
      }
      return
    }
    printer.line("case \(tag):")
    printer.indented { printer in
      printer.line("var value = \(field.valueType)()")
      printer.line("if case .\(field.name)(let current)? = \(oneof) { value = current }")
      printer.line("\(oneof) = nil")
      printer.line(field.isGroup ? "try reader.group(&value, \(field.number))" : "try reader.message(&value)")
      printer.line("\(oneof) = .\(field.name)(value)")
    }
  }

  private func readClosedEnum(_ field: FieldModel, _ printer: inout CodePrinter, assign: (String) -> String) {
    printer.line("case \(field.tag):")
    printer.indented { printer in
      printer.line("let number = try reader.number()")
      printer.line("if let value = \(field.valueType)(rawValue: number) {")
      printer.line("  \(assign("value"))")
      printer.line("} else {")
      printer.line("  \(model.unknownFields).append(tag, number: number)")
      printer.line("}")
    }
  }
}

extension FieldModel {
  /// The reader's and the writer's function for one value.
  var function: String { scalar?.function ?? (enumeration != nil ? "enumeration" : isGroup ? "group" : "message") }
}
