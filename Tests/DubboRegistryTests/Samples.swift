import DubboCore
import DubboRegistry

/// A provider of `org.example.Greeter` on this machine.
func provider(_ port: UInt16, _ interface: String = "org.example.Greeter", _ parameters: URLParameters = [:])
  -> DubboURL
{
  DubboURL(scheme: "tri", host: "127.0.0.1", port: port, path: interface, parameters: parameters)
}

let greeter = ServiceKey(interface: "org.example.Greeter")

/// The error that `operation` ends with; nil when it ends well or with an error of another type.
func failure(_ operation: () async throws -> Void) async -> DubboError? {
  do {
    try await operation()
    return nil
  } catch {
    return error as? DubboError
  }
}

extension AsyncStream<RegistrySnapshot> {
  /// The ports of the first snapshot that `condition` holds for; nil when the stream ends before.
  func ports(when condition: @Sendable ([UInt16]) -> Bool) async -> [UInt16]? {
    for await snapshot in self {
      let ports = snapshot.providers.compactMap(\.port).sorted()
      if condition(ports) { return ports }
    }
    return nil
  }
}

/// Has `directory` run while `body` does.
func running(_ directory: RegistryDirectory, _ body: () async throws -> Void) async throws {
  try await withThrowingTaskGroup { group in
    group.addTask { await directory.run() }
    try await body()
    group.cancelAll()
    try await group.waitForAll()
  }
}
