import Dubbo
import Foundation
import TestDoubles
import Testing

/// Applications that speak TLS with certificates in files.
@Suite(.timeLimit(.minutes(1))) struct TLSApplicationTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "dubbo-\(UUID().uuidString)")
  private let clock = VirtualClock()
  private let lines = Lines()

  private func write(_ name: String, _ text: String) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: name)
    try Data(text.utf8).write(to: file, options: .atomic)
    return file.path
  }

  private func serverFiles() throws -> TLSFiles {
    TLSFiles(
      certificateChain: try write("server.pem", TestCertificates.server),
      privateKey: try write("server.key", TestCertificates.serverKey))
  }

  private func clientFiles() throws -> TLSFiles {
    TLSFiles(trustedCertificates: try write("ca.pem", TestCertificates.authority), serverName: "localhost")
  }

  private func provider(_ files: TLSFiles) -> DubboApplication {
    var application = DubboApplication(
      name: "provider", protocols: ["tri://127.0.0.1:0"], log: Log(label: "t", handler: lines), clock: clock)
    application.provide(ClosureService { Reply("for \($0.text)") }, methods: [greet], as: greeter)
    application.serverTLS = files
    return application
  }

  private func caller(_ files: TLSFiles) -> DubboApplication {
    var application = DubboApplication(name: "caller", log: .silent)
    application.clientTLS = files
    return application
  }

  /// What a new connection to the provider gets.
  private func answer(_ url: DubboURL, _ files: TLSFiles) async throws -> String {
    try await caller(files).run { caller in
      try await caller.invoker(for: .consumer(["retries": "0"]), at: url).invoke(call("you")).text
    }
  }

  @Test func `a provider with certificates tells registries so and serves who trusts them`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = try clientFiles()
    try await provider(try serverFiles()).run { provider in
      let url = try #require(provider.exported.first)
      #expect(url["ssl-enabled"] == "true")
      let text = try await answer(url, files)
      #expect(text == "for you")
      // Without the authority of the tests, the system's do not know the provider.
      let stranger = await failure { _ = try await answer(url, TLSFiles(serverName: "localhost")) }
      #expect(stranger?.message.contains("not trusted") == true)
    }
  }

  @Test func `case 57: certificates that change on disk serve new connections, bad ones do not`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = try clientFiles()
    /// Lets the application look at its files once more.
    func look() async {
      await clock.sleepers()
      clock.advance(by: .seconds(10))
      await clock.sleepers()
    }
    try await provider(try serverFiles()).run { provider in
      let url = try #require(provider.exported.first)
      // A connection that lives through all of it.
      try await caller(files).run { caller in
        let lasting = caller.invoker(for: .consumer(), at: url)
        _ = try await lasting.invoke(call("first"))
        // Its key is missing: half of a renewal.
        _ = try write("server.pem", TestCertificates.renewed)
        await look()
        await look()
        #expect(lines.all.filter { $0.contains("cannot be used; new connections go on with the last ones") }.count == 1)
        let meanwhile = try await answer(url, files)
        #expect(meanwhile == "for you")
        // Only the new certificate is of this authority.
        _ = try write("server.key", TestCertificates.renewedKey)
        await look()
        #expect(lines.all.contains { $0.contains("certificates changed; new connections use them") })
        let after = try await answer(url, files)
        #expect(after == "for you")
        let lastingAnswer = try await lasting.invoke(call("still")).text
        #expect(lastingAnswer == "for still")
        var other = files
        other.serverName = "a.test.dubbo"
        let gone = await failure { _ = try await answer(url, other) }
        #expect(gone?.message.contains("is not for a.test.dubbo") == true)
      }
    }
  }

  @Test func `files that cannot be used end the start with their name`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var files = try serverFiles()
    files.privateKey = folder.appending(path: "missing.key").path
    let error = await failure { try await provider(files).run { _ in } }
    #expect(error?.reason == .configuration)
    #expect(error?.message.contains("missing.key") == true && error?.message.contains("no such file") == true)
  }
}
