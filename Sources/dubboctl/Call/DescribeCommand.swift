import DubboProtobuf

/// `dubboctl describe [NAME]`: the services and messages of definitions.
enum DescribeCommand {
  static func run(_ arguments: ArraySlice<String>) -> Int32 {
    do {
      let options = try CommandOptions(arguments)
      let types = try Definitions.load(options)
      if options.words.isEmpty {
        for service in types.services { print(text(of: service)) }
        return 0
      }
      for name in options.words {
        if let service = types.service(named: name) {
          print(text(of: service))
        } else if let message = types.message(named: name) {
          print(text(of: message))
        } else if let enumeration = types.enumeration(named: name) {
          print(text(of: enumeration))
        } else {
          throw CommandError("the definitions have neither a service nor a message nor an enum '\(name)'")
        }
      }
      return 0
    } catch {
      CallCommand.report("dubboctl: \(error)")
      return 2
    }
  }

  private static func text(of service: ServiceDescriptor) -> String {
    let methods = service.methods.map { method in
      let input = (method.clientStreaming ? "stream " : "") + method.inputType
      let output = (method.serverStreaming ? "stream " : "") + method.outputType
      return "  rpc \(method.name)(\(input)) returns (\(output));\n"
    }
    return "service \(service.fullName) {\n\(methods.joined())}"
  }

  private static func text(of message: MessageDescriptor) -> String {
    let fields = message.fields.map { field in
      let label = field.isRepeated ? "repeated " : field.isRequired ? "required " : ""
      let type =
        field.typeName.isEmpty ? "\(field.kind.protoName ?? "")".dropFirst("TYPE_".count).lowercased() : field.typeName
      let oneof = field.oneof.map { "  // of the oneof \($0)" } ?? ""
      return "  \(label)\(type) \(field.name) = \(field.number);\(oneof)\n"
    }
    return "message \(message.fullName) {\n\(fields.joined())}"
  }

  private static func text(of enumeration: EnumDescriptor) -> String {
    "enum \(enumeration.fullName) {\n" + enumeration.values.map { "  \($0.name) = \($0.number);\n" }.joined() + "}"
  }
}
