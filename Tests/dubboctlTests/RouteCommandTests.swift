import Dubbo
import Foundation
import Testing

@testable import dubboctl

@Suite struct RouteCommandTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "dubbo-route-\(UUID().uuidString)")

  private func file(_ name: String, _ text: String) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: name)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  private func explain(_ arguments: String...) async throws -> [String] {
    try await explain(arguments)
  }

  private func explain(_ arguments: [String]) async throws -> [String] {
    defer { try? FileManager.default.removeItem(at: folder) }
    var inquiry = try RouteCommand.inquiry(["explain", "org.example.Greeter/greet"] + arguments)
    // Addresses are known at once, however busy the machine is.
    if !arguments.contains("--wait") { inquiry.patience = .seconds(60) }
    return try await inquiry.answer(environment: [:]).split(separator: "\n").map(String.init)
  }

  private let providers = [
    "--provider", "tri://10.0.0.1:50051?region=hangzhou&application=shop",
    "--provider", "tri://10.0.0.2:50051?region=beijing&application=shop",
    "--provider", "tri://10.0.0.3:50051?region=beijing&application=shop&dubbo.tag=gray",
  ]

  @Test func `a consumer elsewhere may be asked for`() async throws {
    for (host, left) in [("10.1.1.9", "left: 10.0.0.2:50051"), ("10.2.2.2", "left: 10.0.0.1:50051, 10.0.0.2:50051")] {
      let rule = try file(
        "org.example.Greeter::.condition-router",
        "force: true\nkey: org.example.Greeter\nconditions: ['host=10.1.1.* => region=beijing']")
      let lines = try await explain(["--rule", rule, "--host", host] + providers)
      #expect(lines.last == left)
    }
  }

  @Test func `it says what each router keeps and drops, and why`() async throws {
    let rule = try file(
      "org.example.Greeter::.condition-router",
      "force: true\nkey: org.example.Greeter\nconditions:\n"
        + "  - 'method=greet & attachments[user]=vip & arguments[0]=7 => region=$region'\n  - 'method=other => host=x'\n"
    )
    let inquiry = try RouteCommand.inquiry(
      [
        "explain", "org.example.Greeter/greet", "--wait", "60", "--rule", rule, "--header", "user: vip", "--argument",
        "7",
      ]
        + ["--parameter", "region=hangzhou"] + providers[...])
    try FileManager.default.removeItem(at: folder)
    let lines = try await inquiry.answer().split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "org.example.Greeter/greet, 3 providers", "tag: the call has no tag; keeps 2", "  kept    10.0.0.1:50051",
        "  kept    10.0.0.2:50051", "  dropped 10.0.0.3:50051: its tag is \"gray\"",
        "condition \"method=greet & attachments[user]=vip & arguments[0]=7 => region=$region\": the call is meant; keeps 1",
        "  kept    10.0.0.1:50051",
        "  dropped 10.0.0.2:50051: region=$region does not hold, its region is \"beijing\"",
        "condition \"method=other => host=x\": the call is not meant: method=other does not hold, method is \"greet\"; keeps all 1",
        "  kept    10.0.0.1:50051", "left: 10.0.0.1:50051",
      ])
  }

  @Test func `the rules and providers of a configuration file count`() async throws {
    let path = try file(
      "application.yaml",
      """
      dubbo:
        application: { name: caller }
        consumer: { references: { Greeter: { url: 'tri://10.0.0.1:50051;tri://10.0.0.2:50051' } } }
        routers: { conditions: [ { scope: application, force: true, key: caller, conditions: [ '=> host=10.0.0.9' ] } ] }
      """)
    let lines = try await explain("--config", path)
    #expect(lines.last == "nobody is left")
    #expect(lines.contains("  dropped 10.0.0.2:50051: host=10.0.0.9 does not hold, its host is \"10.0.0.2\""))
  }

  @Test func `without a provider it says so`() async throws {
    let error = await #expect(throws: DubboError.self) {
      _ = try await explain("--registry", "memory://nothing", "--wait", "0.01")
    }
    #expect(error?.reason == .noProvider)
  }

  @Test(arguments: [
    (["explain"], "usage"), (["what"], "usage"), (["explain", "a.B"], "SERVICE/METHOD"),
    (["explain", "a.B/c"], "say where"), (["explain", "a.B/c", "--header", "x"], "NAME:VALUE"),
    (["explain", "a.B/c", "--wait", "-1"], "seconds"), (["explain", "a.B/c", "--rule", "nowhere"], "cannot read"),
    (["explain", "a.B/c", "--colour", "x"], "no option"),
  ])
  func `mistakes are said`(arguments: [String], part: String) {
    let error = #expect(throws: CommandError.self) { try RouteCommand.inquiry(arguments[...]) }
    #expect(error?.description.contains(part) == true)
  }
}
