import Dubbo
import DubboRegistry
import DubboTesting
import Foundation
import Synchronization
import TestDoubles
import Testing

/// The filters that Dubbo has, from a client through to the provider's method.
struct BuiltInFilterTests {
  private let network = InProcessNetwork()
  private let registry = InMemoryRegistry()

  private func application(
    _ parameters: URLParameters, clock: any DubboClock = SystemClock(), log: Log = .silent,
    _ body: @escaping @Sendable (Invocation) async throws -> Reply = { Reply($0.text) }
  ) -> DubboApplication {
    var application = DubboApplication(
      name: "one", protocols: ["inproc://one:0"], registries: ["memory://shared"], extensions: network.extensions,
      log: log, clock: clock)
    application.extensions.register("memory", for: Registries.self) { [registry] _, _ in registry }
    application.shutdown.notificationWait = .zero
    application.provide(ClosureService(body), methods: [greet], as: greeter, parameters: parameters)
    return application
  }

  private func direct(_ running: RunningApplication, _ parameters: URLParameters = [:]) -> any Invoker {
    running.invoker(
      for: .consumer(), at: DubboURL(scheme: "inproc", host: "one", port: running.port, parameters: parameters))
  }

  @Test func `every service answers $echo with what it was sent`() async throws {
    let echo = MethodDescriptor(service: greeter.interface, name: "$echo", kind: .unary)
    try await application([:]) { _ in Reply("the method") }.run { running in
      let invocation = Invocation(
        method: echo, body: .message([1, 2, 3]), deadline: .now.advanced(by: .seconds(10)))
      let reply = try await running.invoker(for: .consumer()).invoke(invocation)
      #expect(reply.message == [1, 2, 3])
    }
  }

  @Test func `a provider with a token serves who found it in a registry, and nobody else`() async throws {
    try await application(["token": "secret"]).run { running in
      let found = try await running.invoker(for: .consumer()).invoke(call("x")).text
      #expect(found == "x")
      let past = await failure { _ = try await direct(running).invoke(call()) }
      #expect(past?.code == .permissionDenied && past?.message.contains("token") == true)
      let wrong = await failure { _ = try await direct(running, ["token": "secreT"]).invoke(call()) }
      #expect(wrong?.code == .permissionDenied)
      let right = try await direct(running, ["token": "secret"]).invoke(call("y")).text
      #expect(right == "y")
      let named = try await running.invoker(
        for: .consumer(["token": "secret", "filter": "token"]),
        at: DubboURL(scheme: "inproc", host: "one", port: running.port)
      ).invoke(call("z")).text
      #expect(named == "z")
    }
  }

  @Test(arguments: ["true", "default"])
  func `a token may be left to the application, and each has another`(text: String) async throws {
    var seen: Set<String> = []
    for _ in 0..<2 {
      try await application(["token": text]).run { running in
        let url = try #require(registry.registered.first)
        #expect(url["token"]?.count ?? 0 >= 16)
        seen.insert(url["token"] ?? "")
        let found = try await running.invoker(for: .consumer()).invoke(call("x")).text
        #expect(found == "x")
      }
    }
    #expect(seen.count == 2)
  }

  @Test(arguments: [["tps": "3"], ["tps.limit.rate": "3"], ["greet.tps": "3"]] as [URLParameters])
  func `calls beyond the rate are refused until the interval is over`(parameters: URLParameters) async throws {
    let clock = VirtualClock()
    try await application(parameters, clock: clock).run { running in
      let invoker = running.invoker(for: .consumer())
      for _ in 0..<2 {
        for _ in 0..<3 { _ = try await invoker.invoke(call(deadline: nil)) }
        let error = await failure { _ = try await invoker.invoke(call(deadline: nil)) }
        #expect(error?.code == .resourceExhausted && error?.message.contains("tps") == true)
        clock.advance(by: .seconds(60))
      }
    }
  }

  @Test(
    arguments: [["executes": "2"], ["execute.limit": "2"], ["greet.executes": "2", "executes": "1"]] as [URLParameters])
  func `a method runs so many calls at a time and refuses the next`(parameters: URLParameters) async throws {
    let (entered, enter) = AsyncStream.makeStream(of: Void.self)
    let (leave, mayLeave) = AsyncStream.makeStream(of: Void.self)
    let application = application(parameters) { _ in
      enter.yield()
      for await _ in leave { break }
      return Reply("done")
    }
    try await application.run { running in
      let invoker = running.invoker(for: .consumer(["retries": "0"]))
      try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<2 { group.addTask { try await invoker.invoke(call()).text } }
        var count = 0
        for await _ in entered {
          count += 1
          if count == 2 { break }
        }
        let error = await failure { _ = try await invoker.invoke(call()) }
        #expect(error?.code == .resourceExhausted && error?.message.contains("executes") == true)
        mayLeave.finish()
        for try await text in group { #expect(text == "done") }
      }
      let after = try await invoker.invoke(call()).text
      #expect(after == "done")
    }
  }

  @Test func `a consumer's next call waits for a place until its deadline and no longer`() async throws {
    let clock = VirtualClock()
    let (entered, enter) = AsyncStream.makeStream(of: Void.self)
    let (leave, mayLeave) = AsyncStream.makeStream(of: Void.self)
    let application = application([:], clock: clock) { invocation in
      enter.yield()
      for await _ in leave { break }
      return Reply(invocation.text)
    }
    try await application.run { running in
      let invoker = running.invoker(for: .consumer(["actives": "1", "filter": "-timeout"]))
      try await withThrowingTaskGroup(of: String.self) { group in
        group.addTask { try await invoker.invoke(call("first", deadline: nil)).text }
        for await _ in entered { break }
        group.addTask {
          let late = await failure {
            _ = try await invoker.invoke(call("late", deadline: clock.now.advanced(by: .seconds(1))))
          }
          return "\(late?.code == .resourceExhausted && late?.progress == .notSent)"
        }
        await clock.sleepers()
        clock.advance(by: .seconds(1))
        let late = try await group.next()
        #expect(late == "true")
        group.addTask { try await invoker.invoke(call("second", deadline: nil)).text }
        await clock.sleepers()
        mayLeave.finish()
        var texts: Set<String> = []
        for try await text in group { texts.insert(text) }
        #expect(texts == ["first", "second"])
      }
    }
  }

  @Test func `an access log has a line for every call`() async throws {
    let lines = AccessLines()
    try await application(["accesslog": "true"], log: Log(label: "t", handler: lines)) { invocation in
      if invocation.text == "bad" { throw DubboError(.notFound, "no") }
      return Reply()
    }.run { running in
      let invoker = running.invoker(for: .consumer())
      _ = try await invoker.invoke(call("good"))
      _ = await failure { _ = try await invoker.invoke(call("bad")) }
    }
    #expect(lines.all.count == 2)
    #expect(lines.all.first?.contains("org.example.Greeter/greet in-process one OK") == true, "\(lines.all)")
    #expect(lines.all.last?.contains("NOT_FOUND") == true, "\(lines.all)")
  }

  @Test func `an access log may be a file`() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "dubbo-access-\(UUID().uuidString).log").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let clock = VirtualClock()
    try await application(["accesslog": path], clock: clock).run { running in
      let invoker = running.invoker(for: .consumer())
      for _ in 0..<3 { _ = try await invoker.invoke(call(deadline: nil)) }
    }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 3)
    #expect(
      lines.first?.hasPrefix("[2023-11-14T22:13:20.000Z] in-process -> ") == true
        && lines.first?.hasSuffix(" - org.example.Greeter greet application=one status=OK ms=0.0") == true,
      "\(lines)")
  }
}

/// Keeps the lines of an access log.
private final class AccessLines: LogHandler {
  private let stored = Mutex<[String]>([])
  let minimumLevel = LogLevel.info
  var all: [String] { stored.withLock { $0 } }

  func handle(_ event: LogEvent) {
    guard event.message == "access" else { return }
    stored.withLock { $0.append(event.fields.all.map(\.value).joined(separator: " ")) }
  }
}
