/// The properties of a message, and where their values are stored.
struct PropertyEmitter {
  let model: MessageModel
  let context: EmitContext

  private var access: String { context.access }
  private var isBoxed: Bool { model.layout.isBoxed }

  /// A field whose property is the storage itself: nothing stands between it and its user.
  private func isPlain(_ field: FieldModel) -> Bool { !isBoxed && !field.hasPresence && !field.isDeprecated }

  /// The declarations of the stored properties that are not public themselves.
  var storage: [String] {
    model.slots.map { slot in
      switch slot {
      case .oneof(let oneof): "var \(slot.storedName): \(oneof.typeName)?"
      case .field(let field):
        field.hasPresence
          ? "var \(slot.storedName): \(field.propertyType)?"
          : "var \(slot.storedName): \(field.propertyType) = \(field.defaultLiteral)"
      }
    }
  }

  var storedNames: [String] { model.slots.map(\.storedName) }

  func emit(_ printer: inout CodePrinter) {
    for slot in model.slots {
      switch slot {
      case .oneof(let oneof): oneofProperty(oneof, &printer)
      case .field(let field): property(field, &printer)
      }
    }
    printer.gap()
    if isBoxed {
      computed(
        "unknownFields", "DubboProtobuf.UnknownFields", "unknownFields", "DubboProtobuf.UnknownFields()", &printer)
      printer.gap()
      printer.line("fileprivate var _storage = DubboProtobuf.SharedFields<_Fields>()")
      return
    }
    printer.line("\(access)var unknownFields = DubboProtobuf.UnknownFields()")
    let hidden = zip(model.slots, storage).filter { slot, _ in
      if case .field(let field) = slot { !isPlain(field) } else { false }
    }
    for (_, line) in hidden { printer.line("fileprivate " + line) }
  }

  private func property(_ field: FieldModel, _ printer: inout CodePrinter) {
    printer.gap()
    printer.doc(context.comment(field, in: model))
    if field.isDeprecated { printer.line("@available(*, deprecated)") }
    let stored = MessageModel.Slot.field(field).storedName
    if isPlain(field) {
      printer.line("\(access)var \(field.name): \(field.propertyType) = \(field.defaultLiteral)")
      return
    }
    guard field.hasPresence else {
      computed(field.name, field.propertyType, stored, field.defaultLiteral, &printer)
      return
    }
    optional(field, stored, &printer)
    let reading = isBoxed ? "_storage.box?.fields.\(stored)" : "self.\(stored)"
    let writing = isBoxed ? "_storage.unique().fields.\(stored)" : "self.\(stored)"
    printer.line("/// Whether `\(field.swiftName)` is set.")
    printer.line("\(access)var has\(field.suffix): Bool { \(reading) != nil }")
    printer.line("/// Makes `\(field.swiftName)` unset.")
    printer.line("\(access)mutating func clear\(field.suffix)() { \(writing) = nil }")
  }

  /// A property whose value lies elsewhere, changed in place.
  private func computed(
    _ name: String, _ type: String, _ stored: String, _ fallback: String, _ printer: inout CodePrinter
  ) {
    printer.block("\(access)var \(name): \(type)") { printer in
      printer.line(isBoxed ? "get { _storage.box?.fields.\(stored) ?? \(fallback) }" : "get { self.\(stored) }")
      printer.line(
        isBoxed ? "_modify { yield &_storage.unique().fields.\(stored) }" : "_modify { yield &self.\(stored) }")
    }
  }

  /// A property that reads its default while it is unset. A message is taken out while it changes: nothing is copied.
  private func optional(_ field: FieldModel, _ stored: String, _ printer: inout CodePrinter) {
    printer.block("\(access)var \(field.name): \(field.propertyType)") { printer in
      let reading = isBoxed ? "_storage.box?.fields.\(stored)" : "self.\(stored)"
      printer.line("get { \(reading) ?? \(field.defaultLiteral) }")
      let fields = isBoxed ? "box.fields." : "self."
      printer.block("_modify") { printer in
        if isBoxed { printer.line("let box = _storage.unique()") }
        printer.line("var value = \(fields)\(stored).take() ?? \(field.defaultLiteral)")
        printer.line("defer { \(fields)\(stored) = value }")
        printer.line("yield &value")
      }
    }
  }

  private func oneofProperty(_ oneof: OneofModel, _ printer: inout CodePrinter) {
    printer.gap()
    printer.doc(context.comments[model.path + [8, Int32(oneof.index)]])
    let name = SwiftNames.escaped(oneof.property)
    let stored = MessageModel.Slot.oneof(oneof).storedName
    if isBoxed {
      computed(name, "\(oneof.typeName)?", stored, "nil", &printer)
    } else {
      printer.line("\(access)var \(name): \(oneof.typeName)?")
    }
    for field in oneof.fields { member(field, of: name, &printer) }
  }

  private func member(_ field: FieldModel, of oneof: String, _ printer: inout CodePrinter) {
    printer.gap()
    printer.doc(context.comment(field, in: model))
    if field.isDeprecated { printer.line("@available(*, deprecated)") }
    printer.block("\(access)var \(field.name): \(field.propertyType)") { printer in
      printer.block("get") { printer in
        printer.line("if case .\(field.name)(let value)? = self.\(oneof) { return value }")
        printer.line("return \(field.defaultLiteral)")
      }
      guard field.message != nil else {
        printer.line("set { self.\(oneof) = .\(field.name)(newValue) }")
        return
      }
      printer.block("_modify") { printer in
        printer.line("var value = \(field.valueType)()")
        printer.line("if case .\(field.name)(let current)? = self.\(oneof) { value = current }")
        printer.line("self.\(oneof) = nil")
        printer.line("defer { self.\(oneof) = .\(field.name)(value) }")
        printer.line("yield &value")
      }
    }
  }
}

extension MessageModel {
  /// A stored property: a oneof has one for all its members, where its first member stands.
  enum Slot {
    case field(FieldModel)
    case oneof(OneofModel)

    /// Its name. A field whose property is computed keeps its value under a name with an underscore.
    var storedName: String {
      switch self {
      case .oneof(let oneof): SwiftNames.escaped(oneof.property)
      case .field(let field):
        field.hasPresence || field.isDeprecated ? "_" + field.swiftName : field.name
      }
    }
  }

  /// A stored property as functions with local names of their own write it.
  func reference(_ slot: Slot) -> String { (layout.isBoxed ? "fields.pointee." : "self.") + slot.storedName }
  func reference(_ field: FieldModel) -> String { reference(.field(field)) }
  func reference(_ oneof: OneofModel) -> String { reference(.oneof(oneof)) }
  var unknownFields: String { (layout.isBoxed ? "fields.pointee." : "self.") + "unknownFields" }

  var slots: [Slot] {
    var slots: [Slot] = []
    for field in fields {
      if case .oneof(let oneof) = field.shape {
        if oneof.fields.first === field { slots.append(.oneof(oneof)) }
      } else {
        slots.append(.field(field))
      }
    }
    return slots
  }
}
