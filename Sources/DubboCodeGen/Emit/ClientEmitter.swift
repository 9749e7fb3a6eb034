internal import DubboProtobuf

/// The type that a caller of a service holds.
struct ClientEmitter {
  let service: ServiceEmitter

  private var access: String { service.access }

  func emit(_ printer: inout CodePrinter) {
    printer.line("/// What a caller holds. It opens nothing by itself and may be copied and shared freely.")
    printer.block("\(access)struct Client: ServiceClient") { printer in
      printer.line("\(access)let caller: ServiceCaller")
      printer.gap()
      printer.line("\(access)init(caller: ServiceCaller) { self.caller = caller }")
      for method in service.methods {
        printer.gap()
        printer.doc(method.comment)
        if method.descriptor.options.deprecated { printer.line("@available(*, deprecated)") }
        call(method, &printer)
      }
    }
  }

  private func call(_ method: ServiceEmitter.Method, _ printer: inout CodePrinter) {
    let requests = "RequestWriter<\(method.request)>"
    let replies = "ReplyReader<\(method.reply)>"
    let options = "options: CallOptions = .init()"
    let descriptor = "\(service.name).Methods.\(method.name)"
    switch method.kind {
    case "unary":
      printer.line("\(access)func \(method.name)(")
      printer.line("  _ request: \(method.request), \(options)")
      printer.block(") async throws -> \(method.reply)") {
        $0.line("try await caller.unary(\(descriptor), request, options)")
      }
    case "clientStream":
      printer.line("\(access)func \(method.name)(")
      printer.line("  \(options), _ body: @escaping @Sendable (\(requests)) async throws -> Void")
      printer.block(") async throws -> \(method.reply)") {
        $0.line("try await caller.clientStream(\(descriptor), options, body)")
      }
    case "serverStream":
      printer.line("\(access)func \(method.name)<Result: Sendable>(")
      printer.line("  _ request: \(method.request), \(options),")
      printer.line("  _ body: @escaping @Sendable (\(replies)) async throws -> Result")
      printer.block(") async throws -> Result") {
        $0.line("try await caller.serverStream(\(descriptor), request, options, body)")
      }
    default:
      printer.line("\(access)func \(method.name)<Result: Sendable>(")
      printer.line("  \(options),")
      printer.line("  _ body: @escaping @Sendable (\(requests), \(replies)) async throws -> Result")
      printer.block(") async throws -> Result") {
        $0.line("try await caller.stream(\(descriptor), options, body)")
      }
    }
  }
}
