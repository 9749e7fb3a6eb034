import Dubbo
import DubboTesting
import Foundation
import Synchronization
import TestDoubles
import Testing

/// A configuration file that changes while its application runs.
@Suite(.timeLimit(.minutes(1))) struct ConfigurationWatchTests {
  private let network = InProcessNetwork()
  private let clock = VirtualClock()
  private let lines = Lines()
  private let path = FileManager.default.temporaryDirectory.appending(path: "dubbo-\(UUID().uuidString).yaml").path

  private func write(_ host: String, _ more: String = "") throws {
    let text = """
      dubbo:
        application: { name: caller }
        registries: { shared: { address: 'memory://shared' } }
        routers:
          conditions: [ { scope: service, force: true, key: \(greeter.interface), conditions: [ '=> host=\(host)' ] } ]
      \(more)
      """
    try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
  }

  /// Lets the watch look once more.
  private func look() async {
    await clock.sleepers()
    clock.advance(by: .seconds(2))
    await clock.sleepers()
  }

  @Test func `rules apply, the rest is named, and what is wrong changes nothing`() async throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write("one")
    var caller = try DubboApplication(
      configuration: .load(from: path, environment: [:]), extensions: network.extensions,
      log: Log(label: "t", handler: lines), clock: clock)
    caller.configurationPoll = .seconds(2)
    caller.shutdown.notificationWait = .zero
    try await provider("one").run { _ in
      try await provider("two").run { _ in
        try await caller.run { caller in
          func answer() async throws -> String {
            try await caller.invoker(for: .consumer(["application": "caller", "check": "false"]))
              .invoke(call(deadline: nil)).text
          }
          let first = try await answer()
          #expect(first == "one")
          try write("two", "  shutdown: { timeout: 9s }")
          await look()
          let second = try await answer()
          #expect(second == "two")
          #expect(lines.all.contains { $0.contains("started again") && $0.contains("shutdown") })
          try write("one, two =", "  shutdown: { timeout: 9s }")
          await look()
          try FileManager.default.removeItem(atPath: path)
          await look()
          await look()
          let third = try await answer()
          #expect(third == "two")
          let errors = lines.all.filter { $0.contains("the last version stays") }
          #expect(errors.count == 2)
          #expect(errors.first?.contains("^") == true && errors.last?.contains("no such file") == true)
          try write("one", "  shutdown: { timeout: 9s }")
          await look()
          let fourth = try await answer()
          #expect(fourth == "one")
        }
      }
    }
  }

  private func provider(_ name: String) -> DubboApplication {
    var provider = DubboApplication(
      name: name, protocols: ["inproc://\(name):0"], registries: ["memory://shared"],
      extensions: network.extensions, log: .silent)
    provider.shutdown.notificationWait = .zero
    provider.provide(ClosureService { _ in Reply(name) }, methods: [greet], as: greeter)
    return provider
  }
}
