import Foundation
import Testing

@testable import Dubbo

@Suite struct ConfigurationFileTests {
  @Test func `the path of the program goes before the path of the environment`() throws {
    try withFolder { folder in
      try write("dubbo: { application: { name: one } }", to: "\(folder)/one.yaml")
      try write("dubbo: { application: { name: two } }", to: "\(folder)/two.yaml")
      let environment = ["DUBBO_CONFIG_PATH": "\(folder)/two.yaml"]
      #expect(
        try DubboConfiguration.load(from: "\(folder)/one.yaml", environment: environment).application.name == "one")
      #expect(try DubboConfiguration.load(environment: environment).application.name == "two")
    }
  }

  @Test func `a link to a file is read and problems name the path that was given`() throws {
    try withFolder { folder in
      try write("dubbo: { shutdown: { timeout: x } }", to: "\(folder)/real.yaml")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/link.yaml", withDestinationPath: "\(folder)/real.yaml")
      let error = try #require(throws: ConfigurationError.self) {
        try DubboConfiguration.load(from: "\(folder)/link.yaml", environment: [:])
      }
      #expect(error.problems.map(\.source) == ["\(folder)/link.yaml"])
    }
  }

  @Test func `what cannot be read is refused with the reason`() throws {
    try withFolder { folder in
      #expect(reason(of: "\(folder)/none.yaml") == "there is no such file")
      #expect(reason(of: folder) == "it is no file but a folder or a device")
      #expect(reason(of: "/dev/zero") == "it is no file but a folder or a device")
      try write(String(repeating: "x", count: (1 << 20) + 1), to: "\(folder)/large.yaml")
      #expect(reason(of: "\(folder)/large.yaml") == "the text has 1048577 bytes; at most 1048576 are read")
    }
  }

  @Test func `no file at all says where one was looked for`() throws {
    let error = try #require(throws: ConfigurationError.self) { try DubboConfiguration.load(environment: [:]) }
    #expect(error.description.contains("DUBBO_CONFIG_PATH names no other"))
  }

  private func reason(of path: String) -> String? {
    do {
      _ = try DubboConfiguration.load(from: path, environment: [:])
      return nil
    } catch {
      return error.problems.first?.message
    }
  }

  private func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dubbo-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }
}
