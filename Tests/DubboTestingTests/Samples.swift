import Dubbo
import Synchronization

/// A service from a closure.
struct ClosureService: Invoker {
  let body: @Sendable (Invocation) async throws -> Reply

  init(_ body: @escaping @Sendable (Invocation) async throws -> Reply) {
    self.body = body
  }

  func invoke(_ invocation: Invocation) async throws -> Reply { try await body(invocation) }
}

let greeter = ServiceKey(interface: "org.example.Greeter")
let greet = MethodDescriptor(service: greeter.interface, name: "greet", kind: .unary)

extension DubboURL {
  /// A consumer of the greeter.
  static func consumer(_ parameters: URLParameters = [:]) -> DubboURL {
    DubboURL(scheme: "consumer", host: "", path: greeter.interface, parameters: parameters)
  }
}

/// A call of `greet` with `text`.
func call(_ text: String = "", deadline: MonotonicInstant? = .now.advanced(by: .seconds(10))) -> Invocation {
  Invocation(method: greet, body: .message(Array(text.utf8)), deadline: deadline)
}

extension Invocation {
  /// The message of a unary call as text.
  var text: String {
    if case .message(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" }
  }
}

extension Reply {
  init(_ text: String) { self.init(message: Array(text.utf8)) }
  var text: String { String(decoding: message, as: UTF8.self) }
}

/// What happened, in its order.
final class Journal: Sendable {
  private let lines = Mutex<[String]>([])

  func note(_ line: String) { lines.withLock { $0.append(line) } }
  var all: [String] { lines.withLock { $0 } }
}

/// The error that `operation` ends with; nil when it ends well or with an error of another type.
func failure(_ operation: () async throws -> Void) async -> DubboError? {
  do {
    try await operation()
    return nil
  } catch {
    return error as? DubboError
  }
}
