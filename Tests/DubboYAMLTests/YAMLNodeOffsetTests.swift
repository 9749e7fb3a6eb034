import Testing

@testable import DubboYAML

@Suite struct YAMLNodeOffsetTests {
  @Test(arguments: [
    ("a: host => port", 5, "1:9"), ("a: 'host => port'", 5, "1:10"), ("a: \"é => port\"", 2, "1:7"),
    ("a: |\n  one\n  two\n", 5, "3:4"), ("a: |\n  one\n\n    two\n", 8, "4:6"),
  ])
  func `a spot inside a text has its own line and column`(written: String, offset: Int, place: String) {
    let document = YAMLDocument(written, file: "t.yaml")
    #expect(document.root["a"]?.position(atOffset: offset, in: document.diagnostics.source).description == place)
  }

  @Test(arguments: ["a: \"x\\u00e9 => b\"", "a: >\n  one\n  two\n", "a: 'it''s => x'", "a: one\n  two"])
  func `a spot that cannot be found is the beginning of the value`(written: String) {
    let document = YAMLDocument(written, file: "t.yaml")
    let node = document.root["a"]
    #expect(node?.position(atOffset: 4, in: document.diagnostics.source) == node?.position)
  }

  @Test func `a reader puts its caret there`() throws {
    let document = YAMLDocument("rules:\n  - 'host = a & => b'\n", file: "t.yaml")
    let rule = try #require(document.reader.fields("rules")?.list("rules").first)
    rule.error("a pair is missing", atOffset: 11)
    #expect(
      document.diagnostics.all.map(\.description) == [
        """
        t.yaml:2:17: error: rules[0]: a pair is missing
            - 'host = a & => b'
                          ^
        """
      ])
  }
}
