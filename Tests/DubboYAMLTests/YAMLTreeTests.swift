import Testing

@testable import DubboYAML

@Suite struct YAMLTreeTests {
  @Test func `every node knows its line and column`() throws {
    let root = try parse("dubbo:\n  ports: [ 1, 22 ]\n  name: 'x'\n")
    let dubbo = try #require(root["dubbo"])
    #expect(dubbo.position == YAMLPosition(line: 2, column: 3))
    let ports = try #require(dubbo["ports"])
    #expect(ports.position == YAMLPosition(line: 2, column: 10))
    guard case .sequence(let items) = ports.content else {
      Issue.record("not a list")
      return
    }
    #expect(items.map(\.position.column) == [12, 15])
    #expect(dubbo["name"]?.position == YAMLPosition(line: 3, column: 9))
  }

  @Test func `a column counts Unicode scalars and lines end as YAML ends them`() throws {
    let root = try parse("名: 値\r\nb: [ é, x ]\rc: 1\u{2028}d: 2")
    guard case .sequence(let items) = try #require(root["b"]).content else {
      Issue.record("not a list")
      return
    }
    #expect(items.map(\.position) == [YAMLPosition(line: 2, column: 6), YAMLPosition(line: 2, column: 9)])
    #expect(root["c"]?.position.line == 3)
    #expect(root["d"]?.position.line == 4)
  }

  @Test func `a scalar is text until a field reads it`() throws {
    let root = try parse("a: 1.10\nb: no\nc: '~'\nd: ~\ne:\nf: !!str null\ng: \"a\\0b\"\nh: |\n  x\n  y\n")
    #expect(text(root["a"]) == "1.10")
    #expect(text(root["b"]) == "no")
    #expect(text(root["c"]) == "~" && root["c"]?.isNull == false)
    #expect(root["d"]?.isNull == true && root["e"]?.isNull == true)
    #expect(root["f"]?.isNull == false)
    #expect(text(root["g"]) == "a\0b")
    #expect(text(root["h"]) == "x\ny\n")
  }

  @Test func `an empty text and a text of comments are null`() {
    for bytes: [UInt8] in [[], Array("# nothing\n".utf8), Array("---\n".utf8), [0xef, 0xbb, 0xbf]] {
      let document = YAMLDocument(bytes, file: "t.yaml")
      #expect(document.root.isNull)
      #expect(document.diagnostics.all.isEmpty)
    }
  }

  @Test func `a byte order mark moves no column and UTF-16 is refused with a sentence`() {
    let marked = YAMLDocument([0xef, 0xbb, 0xbf] + Array("a: 1".utf8), file: "t.yaml")
    #expect(marked.root["a"]?.position == YAMLPosition(line: 1, column: 4))
    #expect(complaints(of: [0xff, 0xfe, 0x61, 0]) == ["t.yaml:1:1: error: the file is UTF-16; save it as UTF-8"])
  }

  @Test func `a key that stands twice is refused with both lines and the rest is read`() {
    let document = YAMLDocument("a: 1\nb: 2\na: 3\nc: 4", file: "t.yaml")
    #expect(text(document.root["a"]) == "1")
    #expect(text(document.root["c"]) == "4")
    #expect(
      document.diagnostics.all.map(\.description) == [
        """
        t.yaml:3:1: error: the key 'a' stands here again; it is already on line 1
          a: 3
          ^
        """
      ])
  }

  @Test func `aliases and merge keys are refused with a sentence`() {
    #expect(
      complaints(of: "a: &base { x: 1 }\nb: *base\nc:\n  <<: *base\n  y: 2\n") == [
        "t.yaml:1:4: warning: the anchor 'base' is ignored, for aliases are not supported",
        "t.yaml:2:4: error: aliases are not supported; write out the value of 'base'",
        "t.yaml:4:3: error: merge keys (<<) are not supported; write the values out",
        "t.yaml:4:7: error: aliases are not supported; write out the value of 'base'",
      ])
  }

  @Test func `a bomb of aliases stays small`() {
    var text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
    for level in 1...40 {
      let alias = "*a\(level - 1)"
      text += "a\(level): &a\(level) [\(Array(repeating: alias, count: 9).joined(separator: ","))]\n"
    }
    let document = YAMLDocument(text, file: "t.yaml")
    #expect(document.diagnostics.hasErrors)
    #expect(document.diagnostics.all.count == 101)
  }

  @Test func `the first document is read and the others are mentioned`() {
    let document = YAMLDocument("a: 1\n---\na: 2\n", file: "t.yaml")
    #expect(text(document.root["a"]) == "1")
    #expect(
      complaints(of: "a: 1\n---\na: 2\n")
        == ["t.yaml:2:1: warning: only the first document of a text is read; this one is ignored"])
  }

  @Test func `keys must be text`() {
    #expect(
      complaints(of: "? [1, 2]\n: x\n'': y\n{a: b}: z\n") == [
        "t.yaml:1:3: error: a key must be text, and this is a list",
        "t.yaml:3:1: error: a key is empty",
        "t.yaml:4:1: error: a key must be text, and this is a mapping",
      ])
  }

  @Test func `tags of one's own are ignored with a warning`() {
    #expect(
      complaints(of: "a: !ours 1\nb: !!int 2\n")
        == ["t.yaml:1:4: warning: the tag '!ours' means nothing here and is ignored"])
  }
}

func parse(_ text: String) throws -> YAMLNode {
  let document = YAMLDocument(text, file: "t.yaml")
  try #require(document.diagnostics.all.isEmpty)
  return document.root
}

func text(_ node: YAMLNode?) -> String? {
  guard case .scalar(let scalar)? = node?.content else { return nil }
  return scalar.text
}

/// The first line of each diagnostic.
func complaints(of text: String) -> [String] { complaints(of: Array(text.utf8)) }

func complaints(of bytes: [UInt8]) -> [String] {
  YAMLDocument(bytes, file: "t.yaml").diagnostics.all.map(firstLine)
}

func firstLine(_ diagnostic: YAMLDiagnostic) -> String {
  String(diagnostic.description.prefix { $0 != "\n" })
}
