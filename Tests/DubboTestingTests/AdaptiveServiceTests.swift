import Dubbo
import DubboTesting
import Testing

@testable import DubboRegistry

/// Providers that find out how much they bear, and consumers that ask them.
@Suite(.timeLimit(.minutes(1))) struct AdaptiveServiceTests {
  private let network = InProcessNetwork()
  private let registry = InMemoryRegistry()

  private func provider(
    _ name: String, _ parameters: URLParameters, _ body: @escaping @Sendable (Invocation) async throws -> Reply
  ) -> DubboApplication {
    var application = DubboApplication(
      name: name, protocols: ["inproc://\(name):0"], registries: ["memory://shared"], extensions: network.extensions,
      log: .silent)
    application.extensions.register("memory", for: Registries.self) { [registry] _, _ in registry }
    application.shutdown.notificationWait = .zero
    application.provide(ClosureService(body), methods: [greet], as: greeter, parameters: parameters)
    return application
  }

  @Test func `a provider says what remains to who asks, and to nobody else`() async throws {
    try await provider("one", ["adaptive-service": "true"]) { _ in Reply("x") }.run { running in
      let asked = try await running.invoker(for: .consumer(["cluster": "adaptiveService"])).invoke(call())
      #expect(asked.trailers["adaptive-service.remaining"] == "50")
      #expect(asked.trailers["adaptive-service.inflight"] == "0")
      let plain = try await running.invoker(for: .consumer()).invoke(call())
      #expect(plain.trailers.isEmpty)
    }
  }

  @Test func `over its limit a provider refuses those who asked, and they go to another`() async throws {
    let (entered, enter) = AsyncStream.makeStream(of: Void.self)
    let (leave, mayLeave) = AsyncStream.makeStream(of: Void.self)
    let one = provider("one", ["service.filter": "padasvc"]) { _ in
      enter.yield()
      for await _ in leave { break }
      return Reply("one")
    }
    try await one.run { running in
      let invoker = running.invoker(for: .consumer(["cluster": "adaptiveService", "retries": "0"]))
      try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<50 { group.addTask { try await invoker.invoke(call()).text } }
        var count = 0
        for await _ in entered {
          count += 1
          if count == 50 { break }
        }
        let refused = await failure { _ = try await invoker.invoke(call()) }
        #expect(refused?.code == .resourceExhausted && refused?.progress == .refused)
        #expect(refused?.message.contains("50") == true && refused?.metadata["grpc-retry-pushback-ms"] == "0")
        // Who does not speak of capacity is served as ever.
        group.addTask { try await running.invoker(for: .consumer()).invoke(call()).text }
        for await _ in entered { break }
        try await provider("two", ["adaptive-service": "true"]) { _ in Reply("two") }.run { _ in
          // Refused until the consumer knows of it.
          while (try? await invoker.invoke(call()).text) != "two" {}
          for _ in 0..<20 {
            let text = try await invoker.invoke(call()).text
            #expect(text == "two")
          }
        }
        mayLeave.finish()
        for try await text in group { #expect(text == "one") }
      }
    }
  }

  @Test func `a consumer that balances by load is told it, in Dubbo Java's form`() async throws {
    try await provider("one", [:]) { _ in Reply("x") }.run { running in
      let asked = try await running.invoker(for: .consumer(["loadbalance": "adaptive"])).invoke(call())
      let text = try #require(asked.trailers["lb_adaptive"])
      #expect(text.wholeMatch(of: /curTime:\d{13},load:\d+(\.\d+)?/) != nil, "\(text)")
      let plain = try await running.invoker(for: .consumer()).invoke(call())
      #expect(plain.trailers.isEmpty)
    }
  }
}
