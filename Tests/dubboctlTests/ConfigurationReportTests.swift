import Foundation
import Testing

@testable import dubboctl

@Suite struct ConfigurationReportTests {
  @Test func `a sound file is told back with its remarks`() throws {
    let report = try report(
      on: """
        dubbo:
          application: { name: shop, nam: x }
          protocols: { tri: { port: 20000 } }
          registries: { n: { address: 'nacos://me:hunter2@127.0.0.1:8848' } }
          provider: { services: { GreeterProvider: { interface: a.Greeter, version: 1.0.0 } } }
          consumer: { references: { Echo: { url: 'tri://localhost:1' } } }
        """)
    #expect(report.isSound)
    #expect(report.text.contains("did you mean 'name'?"))
    #expect(report.text.contains("the registry 'n' cannot be used: no registry is called \"nacos\""))
    let lines = report.text.split(separator: "\n").suffix(6)
    #expect(
      Array(lines) == [
        "application  shop", "protocol     tri: tri://0.0.0.0:20000", "registry     n: nacos://me:***@127.0.0.1:8848",
        "service      GreeterProvider: a.Greeter:1.0.0",
        "reference    Echo: the program's interface at tri://localhost:1", "0 errors, 2 warnings, 0 notes",
      ])
  }

  @Test func `a file with mistakes is refused with all of them`() throws {
    let report = try report(on: "dubbo: { protocol: { port: x }, shutdown: { timeout: y } }")
    #expect(!report.isSound)
    #expect(report.text.hasSuffix("2 errors, 0 warnings, 0 notes\n"))
  }

  private func report(on text: String) throws -> ConfigurationReport {
    let file = FileManager.default.temporaryDirectory.appending(path: "dubbo-\(UUID().uuidString).yaml")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return ConfigurationReport(path: file.path, environment: [:])
  }
}
