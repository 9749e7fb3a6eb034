import Dubbo
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct CompressionExtensionTests {
  /// Counts what it is asked for; a message of one repeated byte becomes that byte and four of its length.
  private final class Runs: Compression {
    let compressed = Mutex(0)
    let decompressed = Mutex(0)

    func compress(_ message: [UInt8]) throws -> [UInt8] {
      guard let first = message.first, message.allSatisfy({ $0 == first }) else { return message }
      compressed.withLock { $0 += 1 }
      return [first] + withUnsafeBytes(of: UInt32(message.count).bigEndian) { [UInt8]($0) }
    }

    func decompress(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
      guard bytes.count == 5 else { throw .malformed("it has not five bytes") }
      decompressed.withLock { $0 += 1 }
      let count = bytes.dropFirst().reduce(0) { $0 << 8 | Int($1) }
      guard count <= limit else { throw .tooLarge }
      return [UInt8](repeating: bytes[0], count: count)
    }
  }

  private func application(compressor: String?) -> DubboApplication {
    var application = DubboApplication(
      name: "shop", protocols: ["tri://127.0.0.1:0"], registries: ["memory://runs"], log: .silent)
    application.shutdown.notificationWait = .zero
    application.provide(
      ClosureService { invocation in Reply(invocation.text) }, methods: [greet], as: greeter,
      parameters: compressor.map { ["compressor": $0] } ?? [:])
    return application
  }

  @Test func `a compression of one's own is known by its name, replaces a built-in one, and can be taken away`()
    async throws
  {
    for name in ["runs", "gzip"] {
      let runs = Runs()
      var application = application(compressor: name)
      application.extensions.register(name, for: Compressions.self) { runs }
      try await application.run { running in
        let text = String(repeating: "a", count: 1_000)
        let reply = try await running.invoker(for: .consumer(["compressor": name])).invoke(call(text))
        #expect(reply.text == text)
      }
      #expect(runs.compressed.withLock { $0 } == 2)
      #expect(runs.decompressed.withLock { $0 } == 2)
    }
    var catalog = ExtensionCatalog.builtIn
    #expect(catalog.names(for: Compressions.self) == ["deflate", "gzip"])
    let wasThere = catalog.remove("gzip", for: Compressions.self)
    #expect(wasThere)
    #expect(catalog.names(for: Compressions.self) == ["deflate"])
  }

  @Test
  func
    `a compressor that nobody knows fails the provider's start and the reference's calls, with those that are known`()
    async throws
  {
    let start = await failure { try await application(compressor: "zip").run { _ in } }
    #expect(start?.message.contains("known: deflate, gzip") == true)
    try await application(compressor: nil).run { running in
      let error = await failure { _ = try await running.invoker(for: .consumer(["compressor": "zip"])).invoke(call()) }
      #expect(error?.message.contains("deflate, gzip") == true)
      #expect(error?.progress == .notSent)
    }
    let configuration = try DubboConfiguration(
      yaml:
        "dubbo: { consumer: { references: { R: { compressor: gzap } } }, provider: { services: { S: { compressor: identity } } } }",
      environment: [:])
    #expect(
      configuration.problems(with: .builtIn).map(\.message) == [
        "dubbo.consumer.references.R.compressor: no compression is called 'gzap'; did you mean 'gzip'?"
      ])
  }
}
