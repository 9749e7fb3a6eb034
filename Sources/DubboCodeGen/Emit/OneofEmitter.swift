/// The enum of a oneof's members.
struct OneofEmitter {
  let oneof: OneofModel
  let message: MessageModel
  let context: EmitContext

  func emit(_ printer: inout CodePrinter) {
    printer.gap()
    printer.line("/// The member of `\(oneof.protoName)` that is set.")
    printer.block("\(context.access)enum \(oneof.typeName): Hashable, Sendable") { printer in
      for field in oneof.fields {
        printer.doc(context.comment(field, in: message))
        printer.line("case \(field.name)(\(field.propertyType))")
      }
    }
  }
}
