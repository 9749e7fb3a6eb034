internal import DubboProtobuf

/// The functions that read and write a message's JSON, where the fields are.
struct JSONEmitter {
  let model: MessageModel

  func emit(_ printer: inout CodePrinter, access: String) {
    printer.block(
      "\(access)mutating func mergeJSON(from json: inout DubboProtobuf.JSONReader) throws(DubboProtobuf.JSONFault)"
    ) {
      printer in
      model.openForWriting(&printer)
      printer.line("var names = DubboProtobuf.JSONFields(\(quoted(names)))")
      printer.line("try json.beginObject()")
      let extensions = model.isExtensible ? ", of: Self.self, &\(model.unknownFields)" : ""
      printer.block("while let field = try json.nextField(&names\(extensions))") { printer in
        printer.line("switch field {")
        for (index, field) in model.fields.enumerated() { read(field, index, &printer) }
        printer.line("default: break")
        printer.line("}")
      }
    }
    printer.gap()
    printer.block(
      "\(access)func writeJSONFields(to json: inout DubboProtobuf.JSONWriter) throws(DubboProtobuf.JSONEncodingError)"
    ) { printer in
      if model.layout.isBoxed {
        printer.line("if _storage.box == nil, !json.writesDefaults { return }")
        printer.line("let box = _storage.box ?? .make(_Fields())")
        printer.line("defer { extendLifetime(box) }")
        printer.line("let fields = box.address")
      }
      for slot in model.slots {
        switch slot {
        case .field(let field): write(field, model.reference(slot), &printer)
        case .oneof(let oneof): write(oneof, model.reference(slot), &printer)
        }
      }
      if model.isExtensible { printer.line("try json.extensions(of: Self.self, \(model.unknownFields))") }
    }
  }

  /// The text that `JSONFields` describes.
  private var names: String {
    var text = ""
    for field in model.fields {
      text += field.jsonName
      if field.jsonName != field.descriptor.name { text += "\u{1}" + field.descriptor.name }
      if field.takesNull { text += "\u{2}" }
      text += "\n"
    }
    return text
  }

  private func read(_ field: FieldModel, _ index: Int, _ printer: inout CodePrinter) {
    let stored = model.reference(field)
    switch field.shape {
    case .map(let key, let value):
      printer.line("case \(index): try json.object(\(key.codec).self, \(value.codec).self, &\(stored))")
    case .repeated:
      printer.line("case \(index): try json.array(\(field.codec).self, &\(stored))")
    case .oneof(let oneof):
      let name = model.reference(oneof)
      printer.line("case \(index):")
      printer.indented { printer in
        printer.line("if case .some = \(name) { throw json.secondMember(of: \(quoted(oneof.protoName))) }")
        if field.enumeration != nil {
          printer.line(
            "if let value: \(field.valueType) = try json.enumeration() { \(name) = .\(field.name)(value) }")
        } else {
          printer.line("\(name) = .\(field.name)(try json.\(field.jsonFunction)())")
        }
      }
    case .implicit, .explicit, .required:
      if field.enumeration != nil {
        printer.line(
          "case \(index): if let value: \(field.valueType) = try json.enumeration() { \(stored) = value }")
      } else {
        printer.line("case \(index): \(stored) = try json.\(field.jsonFunction)()")
      }
    }
  }

  private func write(_ field: FieldModel, _ stored: String, _ printer: inout CodePrinter) {
    let key = field.jsonKey
    switch field.shape {
    case .map(let mapKey, let value):
      printer.block("if !\(stored).isEmpty || json.writesDefaults") { printer in
        printer.line(key)
        printer.line("try json.object(\(mapKey.codec).self, \(value.codec).self, \(stored))")
      }
    case .repeated:
      printer.block("if !\(stored).isEmpty || json.writesDefaults") { printer in
        printer.line(key)
        printer.line("try json.array(\(field.codec).self, \(stored))")
      }
    case .implicit:
      let isSet = field.scalar?.isSet(stored) ?? "\(stored).rawValue != 0"
      printer.block("if \(isSet) || json.writesDefaults") { printer in
        printer.line(key)
        printer.line(call(field, stored))
      }
    case .explicit, .required:
      printer.block("if let value = \(stored)") { printer in
        printer.line(key)
        printer.line(call(field, "value"))
      }
    case .oneof: break
    }
  }

  private func write(_ oneof: OneofModel, _ stored: String, _ printer: inout CodePrinter) {
    printer.line("switch \(stored) {")
    for field in oneof.fields {
      printer.line("case .\(field.name)(let value)?:")
      printer.line("  " + field.jsonKey)
      printer.line("  " + call(field, "value"))
    }
    printer.line("case nil: break")
    printer.line("}")
  }

  private func call(_ field: FieldModel, _ value: String) -> String {
    field.message != nil ? "try json.message(\(value))" : "json.\(field.jsonFunction)(\(value))"
  }
}

extension FieldModel {
  /// The name that protoc worked out.
  fileprivate var jsonName: String { descriptor.hasJsonName ? descriptor.jsonName : descriptor.name }

  /// The statement that writes the name.
  fileprivate var jsonKey: String {
    let json = quoted(quoted(jsonName) + ":")
    let original = quoted(quoted(descriptor.name) + ":")
    return json == original ? "json.key(\(json))" : "json.key(\(json), \(original))"
  }

  /// JSON knows two widths of integers where the wire knows five kinds of them.
  fileprivate var jsonFunction: String {
    switch function {
    case "sint32", "sfixed32": "int32"
    case "sint64", "sfixed64": "int64"
    case "fixed32": "uint32"
    case "fixed64": "uint64"
    case "group": "message"
    default: function
    }
  }

  /// `null` is a value of these; for all other fields it means that they are not set.
  fileprivate var takesNull: Bool {
    if case .repeated = shape { return false }
    return message?.fullName == "google.protobuf.Value" || enumeration?.fullName == "google.protobuf.NullValue"
  }
}
