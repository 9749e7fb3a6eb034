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
    guard concerns(invocation.method), case .message(let bytes) = invocation.body else {
      return try await next(invocation)
    }
    return Reply(message: bytes)
  }
}
