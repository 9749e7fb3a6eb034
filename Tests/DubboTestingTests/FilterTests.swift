import Dubbo
import DubboTesting
import TestDoubles
import Testing

/// Notes when a call passes.
private struct NotingFilter: Filter {
  let name: String
  let journal: Journal

  func invoke(_ invocation: Invocation, next: (Invocation) async throws -> Reply) async throws -> Reply {
    journal.note("\(name) in")
    let reply = try await next(invocation)
    journal.note("\(name) out")
    return reply
  }
}

struct FilterTests {
  private let network = InProcessNetwork()
  private let journal = Journal()

  private func application(_ name: String, clock: any DubboClock = SystemClock()) -> DubboApplication {
    var application = DubboApplication(
      name: name, protocols: ["inproc://\(name):0"], registries: ["memory://shared"],
      extensions: network.extensions, log: .silent, clock: clock)
    application.shutdown.notificationWait = .zero
    for name in ["outer", "inner"] {
      application.extensions.register(name, for: Filters.self) { [journal] context in
        NotingFilter(name: "\(context.side) \(name)", journal: journal)
      }
    }
    return application
  }

  @Test func `filters run in the order of their names, on both sides`() async throws {
    var application = application("one")
    application.providerParameters = ["service.filter": "outer,inner"]
    application.consumerParameters = ["filter": "outer,inner"]
    application.provide(ClosureService { _ in Reply("x") }, methods: [greet], as: greeter)
    let consumer = application.consumerURL()
    try await application.run { _ = try await $0.invoker(for: consumer).invoke(call()) }
    #expect(
      journal.all == [
        "consumer outer in", "consumer inner in", "provider outer in", "provider inner in", "provider inner out",
        "provider outer out", "consumer inner out", "consumer outer out",
      ])
  }

  @Test func `the provider learns which application calls`() async throws {
    var application = application("caller")
    application.provide(
      ClosureService { Reply($0.metadata["tri-consumer-appname"] ?? "nobody") }, methods: [greet], as: greeter)
    try await application.run { running in
      let text1 = try await running.invoker(for: .consumer()).invoke(call()).text
      #expect(text1 == "caller")
      let text2 = try await running.invoker(for: .consumer(["filter": "-context"])).invoke(call()).text
      #expect(text2 == "nobody")
    }
  }

  @Test func `case 20: a call that a method makes inherits the smaller deadline and the trace`() async throws {
    let inner = MethodDescriptor(service: "org.example.Inner", name: "inner", kind: .unary)
    var application = application("one")
    application.provide(
      ClosureService { invocation in
        Reply("\(invocation.deadline?.nanoseconds ?? 0) \(invocation.metadata["traceparent"] ?? "none")")
      }, methods: [inner], as: ServiceKey(interface: inner.service))
    let (handles, handle) = AsyncStream.makeStream(of: RunningApplication.self)
    application.provide(
      ClosureService { _ in
        for await running in handles {
          let consumer = DubboURL(scheme: "consumer", host: "", path: inner.service)
          let later = MonotonicInstant.now.advanced(by: .seconds(1_000))
          return try await running.invoker(for: consumer).invoke(
            Invocation(method: inner, body: .message([]), deadline: later))
        }
        return Reply()
      }, methods: [greet], as: greeter)
    try await application.run { running in
      handle.yield(running)
      var outer = call()
      outer.metadata.add("00-trace-1", for: "traceparent")
      let text = try await running.invoker(for: .consumer()).invoke(outer).text
      #expect(text == "\(outer.deadline?.nanoseconds ?? 0) 00-trace-1")
    }
  }

  @Test func `a call whose time is over does not begin`() async throws {
    let clock = VirtualClock()
    var application = application("one", clock: clock)
    application.provide(
      ClosureService { [journal] _ in
        journal.note("method")
        return Reply()
      }, methods: [greet], as: greeter)
    try await application.run { running in
      let error = await failure { _ = try await running.invoker(for: .consumer()).invoke(call(deadline: clock.now)) }
      #expect(error?.code == .deadlineExceeded)
      #expect(journal.all == [])
    }
  }
}

extension DubboApplication {
  /// A consumer of the greeter with the application's own parameters.
  fileprivate func consumerURL() -> DubboURL { .consumer(consumerParameters) }
}
