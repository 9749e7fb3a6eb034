internal import DubboCore

/// `echo`: answers Dubbo's `$echo`, which every service has, with what it was sent: the way to ask whether a service
/// can be reached without calling any of its methods.
struct EchoFilter: Filter {
  private static let name = "$echo"

  static func method(of interface: String) -> MethodDescriptor {
    MethodDescriptor(service: interface, name: name, kind: .unary, idempotent: true)
  }

  func concerns(_ method: MethodDescriptor) -> Bool { method.name == Self.name }

  func invoke(_ invocation: Invocation, next: (Invocation) async throws -> Reply) async throws -> Reply {
    if let reply = Self.reply(to: invocation) { return reply }
    return try await next(invocation)
  }

  /// Nil when another method is called.
  fileprivate static func reply(to invocation: Invocation) -> Reply? {
    guard isMeant(invocation.method), case .message(let bytes) = invocation.body else { return nil }
    return Reply(message: bytes)
  }

  fileprivate static func isMeant(_ method: MethodDescriptor) -> Bool { method.name == name }
}

/// A service with `$echo` beside its methods: what the filter does, at no cost to calls of the others.
struct EchoingService: MethodTable {
  let service: any Invoker

  func invoke(_ invocation: Invocation) async throws -> Reply {
    if let reply = EchoFilter.reply(to: invocation) { return reply }
    return try await service.invoke(invocation)
  }

  func handler(of method: MethodDescriptor) -> MethodHandler? {
    guard EchoFilter.isMeant(method) else { return (service as? any MethodTable)?.handler(of: method) }
    return { invocation in EchoFilter.reply(to: invocation) ?? Reply() }
  }
}
