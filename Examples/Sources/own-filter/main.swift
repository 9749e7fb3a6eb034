import Dubbo
import SampleServices

/// A filter of your own sees every call: here one that lets nobody in without a ticket, and counts the rest.
struct TicketFilter: Filter {
  let context: FilterContext

  func invoke(_ invocation: Invocation, next: (Invocation) async throws -> Reply) async throws -> Reply {
    if context.side == .consumer {
      var invocation = invocation
      invocation.metadata.add("row 7", for: "ticket")
      return try await next(invocation)
    }
    guard let ticket = invocation.metadata["ticket"] else {
      throw DubboError(.unauthenticated, "a ticket is needed")
    }
    say("lets in \(ticket) to \(invocation.method.name)")
    return try await next(invocation)
  }
}

var extensions = ExtensionCatalog.builtIn
extensions.register("ticket", for: Filters.self) { TicketFilter(context: $0) }
let shop = Shop.application(
  "the shop", registry: "memory://here", extensions: extensions, parameters: ["filter": "ticket"])
try await shop.run { app in
  let visitor = app.reference(to: Shop.serviceName, parameters: ["filter": "ticket"])
  say("welcome to \(try await visitor.invoke("name", returning: String.self))")
  do {
    let _: String = try await app.reference(to: Shop.serviceName).invoke("name")
  } catch let error as DubboError {
    say("without: \(error)")
  }
}
