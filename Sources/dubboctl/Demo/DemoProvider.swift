import Dubbo
import Foundation

/// One provider of the demo, a process of its own: `dubboctl demo-provider NAME REGISTRY`.
enum DemoProvider {
  static func run(_ arguments: ArraySlice<String>) async -> Bool {
    guard arguments.count == 2, let name = arguments.first, let registry = arguments.last else { return false }
    var app = DubboApplication(
      name: "provider-\(name)", protocols: ["tri://127.0.0.1:0"], registries: [registry], log: Demo.quiet)
    // The consumer of the demo looks into the folder twenty times a second.
    app.shutdown.notificationWait = .milliseconds(300)
    app.provide(NamedGreeter(name: name), version: "1.0.0")
    app.onReady = { running in
      FileHandle.standardOutput.write(Data("READY \(running.port ?? 0)\n".utf8))
    }
    do {
      try await app.run()
      return true
    } catch {
      FileHandle.standardError.write(Data("provider \(name): \(error)\n".utf8))
      return false
    }
  }
}

/// Greets, and says who does.
private struct NamedGreeter: Greeter.Service {
  let name: String

  private func greeting(_ names: String) -> GreeterReply {
    .with { $0.message = "Hello, \(names)! I am provider \(name)." }
  }

  func greet(_ request: GreeterRequest, context: ServerContext) async throws -> GreeterReply {
    if let milliseconds = context.metadata["x-sleep-ms"].flatMap({ Int($0) }) {
      try await Task.sleep(for: .milliseconds(milliseconds))
    }
    return greeting(request.name)
  }

  func greetClientStream(
    _ requests: RequestReader<GreeterRequest>, context: ServerContext
  ) async throws -> GreeterReply {
    var names: [String] = []
    for try await request in requests { names.append(request.name) }
    return greeting(names.joined(separator: ", "))
  }

  func greetServerStream(
    _ request: GreeterRequest, replies: ReplyWriter<GreeterReply>, context: ServerContext
  ) async throws {
    for _ in 0..<3 { try await replies.write(greeting(request.name)) }
  }

  func greetStream(
    _ requests: RequestReader<GreeterRequest>, replies: ReplyWriter<GreeterReply>, context: ServerContext
  ) async throws {
    for try await request in requests { try await replies.write(greeting(request.name)) }
  }
}
