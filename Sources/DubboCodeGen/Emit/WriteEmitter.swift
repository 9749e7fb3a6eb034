/// The body of `write(to:)`: fields in the order of their numbers, neighbours of one oneof in one switch.
struct WriteEmitter {
  let model: MessageModel
  /// Whether the body is that of a method of the boxed fields.
  var isInFields = false

  private var prefix: String { model.layout.isBoxed && !isInFields ? "fields.pointee." : "self." }

  func emit(_ printer: inout CodePrinter) {
    var rest = model.fieldsByNumber[...]
    while let field = rest.popFirst() {
      guard case .oneof(let oneof) = field.shape else {
        write(field, &printer)
        continue
      }
      var members = [field]
      while let next = rest.first, case .oneof(let other) = next.shape, other === oneof {
        members.append(next)
        rest.removeFirst()
      }
      write(members, of: oneof, &printer)
    }
    printer.line("writer.unknown(\(prefix)unknownFields)")
  }

  private func write(_ field: FieldModel, _ printer: inout CodePrinter) {
    let stored = prefix + MessageModel.Slot.field(field).storedName
    switch field.shape {
    case .map(let key, let value):
      printer.line("writer.map(\(key.codec).self, \(value.codec).self, \(field.tag(2)), \(stored))")
    case .repeated(let packed):
      if field.isGroup {
        printer.line("writer.groups(\(field.number), \(stored))")
      } else if field.message != nil {
        printer.line("writer.messages(\(field.tag), \(stored))")
      } else if packed, field.isPackable {
        printer.line("writer.packed(\(field.codec).self, \(field.tag(2)), \(stored))")
      } else {
        printer.line("writer.repeated(\(field.codec).self, \(field.tag), \(stored))")
      }
    case .implicit:
      let isSet = field.scalar?.isSet(stored) ?? "\(stored).rawValue != 0"
      printer.line("if \(isSet) { \(call(field, stored)) }")
    case .explicit, .required:
      printer.line("if let value = \(stored) { \(call(field, "value")) }")
    case .oneof: break
    }
  }

  private func write(_ members: [FieldModel], of oneof: OneofModel, _ printer: inout CodePrinter) {
    printer.line("switch \(prefix)\(MessageModel.Slot.oneof(oneof).storedName) {")
    for field in members { printer.line("case .\(field.name)(let value)?: \(call(field, "value"))") }
    printer.line(members.count == oneof.fields.count ? "case nil: break" : "default: break")
    printer.line("}")
  }

  private func call(_ field: FieldModel, _ value: String) -> String {
    field.isGroup ? "writer.group(\(field.number), \(value))" : "writer.\(field.function)(\(field.tag), \(value))"
  }
}

/// `isInitialized`: proto2's required fields, here and below.
struct RequiredEmitter {
  let model: MessageModel

  func emit(_ printer: inout CodePrinter, access: String) {
    printer.block("\(access)var isInitialized: Bool") { printer in
      let needsFields = model.fields.contains { if case .required = $0.shape { true } else { false } }
      model.openForReading(&printer, otherwise: "return \(!needsFields)")
      for slot in model.slots {
        switch slot {
        case .field(let field): check(field, model.reference(slot), &printer)
        case .oneof(let oneof):
          for field in oneof.fields where field.message?.layout.hasRequired ?? false {
            printer.line(
              "if case .\(field.name)(let value)? = \(model.reference(slot)), !value.isInitialized { return false }")
          }
        }
      }
      printer.line("return true")
    }
  }

  private func check(_ field: FieldModel, _ stored: String, _ printer: inout CodePrinter) {
    if case .required = field.shape { printer.line("if \(stored) == nil { return false }") }
    if case .map(_, let value) = field.shape {
      if value.message?.layout.hasRequired ?? false {
        printer.line("for value in \(stored).values where !value.isInitialized { return false }")
      }
      return
    }
    guard field.message?.layout.hasRequired ?? false else { return }
    if case .repeated = field.shape {
      printer.line("for value in \(stored) where !value.isInitialized { return false }")
    } else {
      printer.line("if let value = \(stored), !value.isInitialized { return false }")
    }
  }
}
