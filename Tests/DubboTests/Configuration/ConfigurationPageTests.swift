import DubboCore
import Foundation
import Testing

@testable import Dubbo

@Suite struct ConfigurationPageTests {
  @Test func `the examples of the documentation load without a remark`() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Sources/Dubbo/Documentation.docc/Configuration.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let examples = text.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    #expect(!examples.isEmpty)
    for example in examples {
      let configuration = try DubboConfiguration(yaml: example)
      #expect(configuration.remarks.isEmpty)
      #expect(configuration.services.first?.urlParameters["timeout"] == "2000")
      #expect(configuration.references.first?.urlParameters["greet.timeout"] == "500")
    }
  }
}
