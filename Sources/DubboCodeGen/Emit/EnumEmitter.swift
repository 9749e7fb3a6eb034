struct EnumEmitter {
  let model: EnumModel
  let context: EmitContext

  func emit(_ printer: inout CodePrinter) {
    let access = context.access
    printer.gap()
    printer.doc(context.comment(model))
    printer.block("\(access)enum \(model.swiftName): DubboProtobuf.Enum") { printer in
      cases(&printer)
      if model.isOpen {
        printer.line("/// A number that this version of the definition does not name.")
        printer.line("case UNRECOGNIZED(Int)")
      }
      aliases(&printer)
      printer.gap()
      printer.line("\(access)init() { self = .\(SwiftNames.escaped(model.cases.first?.swiftName ?? "")) }")
      printer.gap()
      conversions(&printer)
      printer.gap()
      context.protoFile(&printer)
      printer.gap()
      printer.line("\(access)static var allCases: [\(model.nestedName)] {")
      printer.line("  [" + distinct.map { "." + SwiftNames.escaped($0.swiftName) }.joined(separator: ", ") + "]")
      printer.line("}")
    }
  }

  private var distinct: [EnumModel.Case] { model.cases.filter { $0.aliasOf == nil } }

  private func cases(_ printer: inout CodePrinter) {
    for (index, value) in model.cases.enumerated() where value.aliasOf == nil {
      printer.doc(context.comments[model.path + [2, Int32(index)]])
      if value.isDeprecated { printer.line("/// Deprecated in the .proto.") }
      printer.line("case \(SwiftNames.escaped(value.swiftName))  // = \(value.number)")
    }
  }

  private func aliases(_ printer: inout CodePrinter) {
    for (index, value) in model.cases.enumerated() {
      guard let original = value.aliasOf else { continue }
      printer.gap()
      printer.doc(context.comments[model.path + [2, Int32(index)]])
      printer.line(
        "\(context.access)static var \(SwiftNames.escaped(value.swiftName)): \(model.nestedName) { "
          + ".\(SwiftNames.escaped(model.cases[original].swiftName)) }")
    }
  }

  private func names(_ printer: inout CodePrinter) {
    printer.block("\(context.access)init?(protoName: String)") { printer in
      printer.line("switch protoName {")
      for value in model.cases {
        printer.line("case \(quoted(value.protoName)): self = .\(SwiftNames.escaped(value.swiftName))")
      }
      printer.line("default: return nil")
      printer.line("}")
    }
    printer.gap()
    printer.block("\(context.access)var protoName: StaticString?") { printer in
      printer.line("switch self {")
      for value in distinct {
        printer.line("case .\(SwiftNames.escaped(value.swiftName)): return \(quoted(value.protoName))")
      }
      if model.isOpen { printer.line("case .UNRECOGNIZED: return nil") }
      printer.line("}")
    }
  }

  private func conversions(_ printer: inout CodePrinter) {
    let access = context.access
    printer.block("\(access)init?(rawValue: Int)") { printer in
      printer.line("switch rawValue {")
      for value in distinct { printer.line("case \(value.number): self = .\(SwiftNames.escaped(value.swiftName))") }
      printer.line(model.isOpen ? "default: self = .UNRECOGNIZED(rawValue)" : "default: return nil")
      printer.line("}")
    }
    printer.gap()
    printer.block("\(access)var rawValue: Int") { printer in
      printer.line("switch self {")
      for value in distinct { printer.line("case .\(SwiftNames.escaped(value.swiftName)): return \(value.number)") }
      if model.isOpen { printer.line("case .UNRECOGNIZED(let number): return number") }
      printer.line("}")
    }
    printer.gap()
    names(&printer)
  }
}
