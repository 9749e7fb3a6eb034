internal import DubboProtobuf

/// A service: what a provider implements, what a caller holds, and the table that joins them to the runtime.
struct ServiceEmitter {
  struct Method {
    let descriptor: Google_Protobuf_MethodDescriptorProto
    let swiftName: String
    let request: String
    let reply: String
    let comment: [String]

    var name: String { SwiftNames.escaped(swiftName) }

    var kind: String {
      switch (descriptor.clientStreaming, descriptor.serverStreaming) {
      case (false, false): "unary"
      case (true, false): "clientStream"
      case (false, true): "serverStream"
      case (true, true): "stream"
      }
    }

    /// The case of `MethodDescriptor.Kind`.
    var descriptorKind: String { kind == "stream" ? "bidirectional" : kind }

    var isIdempotent: Bool {
      descriptor.options.idempotencyLevel == .noSideEffects || descriptor.options.idempotencyLevel == .idempotent
    }
  }

  let name: String
  let fullName: String
  let methods: [Method]
  let comment: [String]
  let access: String
  /// How the service reaches the definitions of its file.
  let protoFile: String

  static func name(of service: String, in file: FileModel, _ options: GeneratorOptions) -> String {
    SwiftNames.type(ModelBuilder(options: options).prefix(of: file) + service, suffix: "Service")
  }

  init(
    _ descriptor: Google_Protobuf_ServiceDescriptorProto, index: Int, file: FileModel, model: Model,
    context: EmitContext
  ) throws {
    name = Self.name(of: descriptor.name, in: file, context.options)
    fullName = file.descriptor.package.isEmpty ? descriptor.name : file.descriptor.package + "." + descriptor.name
    access = context.access
    protoFile = ProtoFileEmitter.reference(to: file) ?? ProtoFileEmitter.name
    let path: [Int32] = [6, Int32(index)]
    let text = context.comments[path]
    comment = text.isEmpty ? ["The service `\(fullName)`."] : text
    var taken: Set<String> = ["init", "caller", "self", "dubboMethods", "serviceName"]
    methods = try descriptor.method.enumerated().map { position, method in
      var swiftName = SwiftNames.lowerCamel(method.name)
      if !taken.insert(swiftName).inserted {
        swiftName += "_\(position)"
        taken.insert(swiftName)
      }
      return Method(
        descriptor: method, swiftName: swiftName, request: try model.message(method.inputType).reference,
        reply: try model.message(method.outputType).reference, comment: context.comments[path + [2, Int32(position)]])
    }
  }

  func emit(_ printer: inout CodePrinter) {
    printer.gap()
    printer.doc(comment)
    printer.block("\(access)enum \(name): DubboService") { printer in
      printer.line("\(access)static let serviceName = \(quoted(fullName))")
      printer.gap()
      methodTable(&printer)
      printer.gap()
      provider(&printer)
      printer.gap()
      ClientEmitter(service: self).emit(&printer)
    }
    printer.gap()
    routes(&printer)
  }

  private func methodTable(_ printer: inout CodePrinter) {
    printer.line("/// The methods as the wire knows them.")
    printer.block("\(access)enum Methods") { printer in
      for method in methods {
        let idempotent = method.isIdempotent ? ", idempotent: true" : ""
        printer.line("\(access)static let \(method.name) = MethodDescriptor(")
        printer.line(
          "  service: \(name).serviceName, name: \(quoted(method.descriptor.name)), "
            + "kind: .\(method.descriptorKind)\(idempotent))")
      }
      let all = methods.map(\.name).joined(separator: ", ")
      printer.line("\(access)static let all: [MethodDescriptor] = [\(all)]")
    }
  }

  private func provider(_ printer: inout CodePrinter) {
    printer.line("/// What a provider implements.")
    printer.block("\(access)protocol Service: RoutableService") { printer in
      for method in methods {
        printer.gap()
        printer.doc(method.comment)
        printer.line("func \(method.name)(\(serverParameters(method))) async throws\(serverResult(method))")
      }
    }
  }

  private func serverParameters(_ method: Method) -> String {
    let replies = "replies: ReplyWriter<\(method.reply)>, "
    let request =
      method.descriptor.clientStreaming
      ? "_ requests: RequestReader<\(method.request)>, " : "_ request: \(method.request), "
    return request + (method.descriptor.serverStreaming ? replies : "") + "context: ServerContext"
  }

  private func serverResult(_ method: Method) -> String {
    method.descriptor.serverStreaming ? "" : " -> \(method.reply)"
  }

  private func routes(_ printer: inout CodePrinter) {
    printer.block("extension \(name).Service") { printer in
      printer.line("\(access)static var serviceName: String { \(name).serviceName }")
      printer.line("\(access)static var protoFile: DubboProtobuf.ProtoFile? { \(protoFile) }")
      printer.gap()
      printer.line("/// How a server finds the method that a request names.")
      printer.block("\(access)var dubboMethods: [MethodRegistration]") { printer in
        printer.line("[")
        for method in methods {
          let arguments = method.descriptor.serverStreaming ? "$0, replies: $1, context: $2" : "$0, context: $1"
          printer.line(
            "  .\(method.kind)(\(name).Methods.\(method.name)) { try await self.\(method.name)(\(arguments)) },")
        }
        printer.line("]")
      }
    }
  }
}
