import Dubbo
import Foundation

/// Shows in a few seconds what the framework does: providers and a consumer find each other, calls of all four kinds,
/// and what happens to calls when a provider is killed and when one ends in order.
enum Demo {
  static let quiet = Log(label: "demo", handler: StandardErrorLog(minimumLevel: .error))

  /// True when everything that was shown was true.
  static func run() async -> Bool {
    let start = MonotonicInstant.now
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dubbo-demo-\(getpid())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do {
      try await steps("file://\(folder)?poll=50&heartbeat=300&lease=2000")
      let took = Double(start.duration(to: .now).saturatedNanoseconds) / 1e9
      say("All of it was true, in \(String(format: "%.1f", took)) s.")
      return true
    } catch {
      say("\nNOT TRUE: \(error)")
      return false
    }
  }

  private static func steps(_ registry: String) async throws {
    say("1. Two providers start, each a process, and register themselves.")
    let one = try DemoProcess(name: "one", registry: registry)
    let two = try DemoProcess(name: "two", registry: registry)
    for provider in [one, two] {
      say("     provider \(provider.name): process \(provider.pid), tri://127.0.0.1:\(provider.port)")
    }

    let app = DubboApplication(name: "demo-consumer", registries: [registry], log: quiet)
    try await app.run { app in
      let greeter = app.client(for: Greeter.self, version: "1.0.0")
      say("\n2. A consumer knows the registry only, finds them, and makes the four kinds of call.")
      try await fourKinds(greeter)

      say("\n3. Provider one is killed (kill -9) while calls are being made.")
      try await surviveKill(greeter, victim: one, survivor: two)

      say("\n4. Provider two is asked to end (SIGTERM) while a call is running.")
      try await endInOrder(greeter, two)
      say("\nThe consumer's connections: \(await app.metrics()).")
    }
  }

  private static func fourKinds(_ greeter: Greeter.Client) async throws {
    let unary = try await greeter.greet(.with { $0.name = "Swift" }).message
    try show("one request, one reply", unary, begins: "Hello, Swift!")
    let together = try await greeter.greetClientStream { requests in
      for name in ["Ada", "Grace", "Edsger"] { try await requests.write(.with { $0.name = name }) }
    }.message
    try show("many requests, one reply", together, begins: "Hello, Ada, Grace, Edsger!")
    let replies = try await greeter.greetServerStream(.with { $0.name = "Swift" }) { replies in
      var all: [String] = []
      for try await reply in replies { all.append(reply.message) }
      return all
    }
    try show("one request, \(replies.count) replies", replies.last ?? "", begins: "Hello, Swift!")
    let dialogue = try await greeter.greetStream { requests, replies in
      var all: [String] = []
      for name in ["Ada", "Grace"] {
        try await requests.write(.with { $0.name = name })
        all.append(try await replies.next()?.message ?? "")
      }
      return all
    }
    try show("a dialogue, each as it comes", dialogue.last ?? "", begins: "Hello, Grace!")
  }

  private static func surviveKill(_ greeter: Greeter.Client, victim: DemoProcess, survivor: DemoProcess) async throws {
    let traffic = Traffic()
    try await withThrowingTaskGroup { group in
      for _ in 0..<4 { group.addTask { await traffic.run(greeter) } }
      try await Task.sleep(for: .milliseconds(700))
      let before = traffic.counts
      victim.kill()
      traffic.mark()
      try await Task.sleep(for: .milliseconds(1_200))
      let after = traffic.counts
      group.cancelAll()
      try await group.waitForAll()
      say("     before: \(before.text)")
      say("     after:  \(after.text)")
      say("     \(traffic.total) calls, \(traffic.failures.count) failed")
      guard before.of("one") > 0, before.of("two") > 0 else {
        throw DemoFailure("one of the providers got no call: \(before.text)")
      }
      guard after.of("two") > 0, after.of("one") == 0 else { throw DemoFailure("calls did not go on at provider two") }
      if let failure = traffic.failures.first { throw DemoFailure("a call failed: \(failure)") }
    }
  }

  private static func endInOrder(_ greeter: Greeter.Client, _ provider: DemoProcess) async throws {
    async let slow = greeter.greet(
      .with { $0.name = "patience" },
      options: CallOptions(timeout: .seconds(5), metadata: ["x-sleep-ms": "800"]))
    try await Task.sleep(for: .milliseconds(200))
    provider.terminate()
    try show("the running call still ends well", try await slow.message, begins: "Hello, patience!")
    let status = provider.status()
    say("     the process has unregistered, let its calls end, and left with status \(status)")
    guard status == 0 else { throw DemoFailure("provider two left with status \(status)") }
  }

  private static func show(_ what: String, _ reply: String, begins: String) throws {
    say("     " + what.padding(toLength: 34, withPad: " ", startingAt: 0) + reply)
    guard reply.hasPrefix(begins) else { throw DemoFailure("\"\(reply)\" does not begin with \"\(begins)\"") }
  }

  static func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }
}
