import Testing

@testable import DubboYAML

@Suite struct YAMLHostileTextTests {
  @Test(arguments: ["[", "{", "- ", "? ", "{a: ", "[{a: "])
  func `a megabyte of nesting is refused at level 64`(opening: String) throws {
    let text = String(repeating: opening, count: (1 << 20) / opening.utf8.count)
    let complaint = try #require(complaints(of: text).first)
    #expect(complaint.contains("nested more than 64 levels deep"), "\(complaint)")
  }

  @Test func `64 levels are read`() {
    let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(complaints(of: text).isEmpty)
  }

  @Test func `a text over a megabyte is refused before it is parsed`() {
    let bytes = [UInt8](repeating: 0x61, count: (1 << 20) + 1)
    #expect(complaints(of: bytes) == ["t.yaml:1:1: error: the text has 1048577 bytes; at most 1048576 are read"])
  }

  @Test func `a scalar of nearly a megabyte is read`() {
    let value = String(repeating: "x", count: (1 << 20) - 10)
    #expect(text(YAMLDocument("a: \(value)", file: "t.yaml").root["a"]) == value)
    #expect(text(YAMLDocument("a: |\n \(value)", file: "t.yaml").root["a"]) == value)
  }

  @Test func `more values than the limit are refused`() {
    let text = "[" + String(repeating: "a,", count: 100_000) + "]"
    #expect(complaints(of: text) == ["t.yaml:1:200000: error: the text has more than 100000 values"])
  }

  @Test func `a file of directives is refused before libyaml compares them all`() {
    var text = ""
    for number in 0..<50_000 { text += "%TAG !t\(number)! x\n" }
    #expect(
      complaints(of: text) == [
        "t.yaml:17:1: error: more than 16 lines begin with '%'; a file needs no directives"
      ])
  }

  @Test func `tabs are named as what they are`() {
    #expect(complaints(of: "a:\n\tb: 1\n") == ["t.yaml:2:1: error: a tab cannot indent YAML; use spaces" + tabContext])
  }

  private let tabContext = ", while scanning for the next token"

  @Test func `bytes that are no UTF-8 are refused at their place`() {
    #expect(
      complaints(of: Array("a: 1\nb: x".utf8) + [0xc3, 0x28])
        == ["t.yaml:2:6: error: invalid trailing UTF-8 octet (0x28); the file must be UTF-8"])
    #expect(
      complaints(of: [0x61, 0xff]) == ["t.yaml:1:2: error: invalid leading UTF-8 octet (0xff); the file must be UTF-8"])
    #expect(
      complaints(of: [0x61, 0x3a, 0x20, 0xf0, 0x9f])
        == ["t.yaml:1:4: error: incomplete UTF-8 octet sequence; the file must be UTF-8"])
  }

  @Test func `control characters are refused and never reach a terminal`() {
    let all = YAMLDocument("a: \u{1b}[31m", file: "t.yaml").diagnostics.all
    #expect(all.count == 1)
    #expect(
      all.first?.description == """
        t.yaml:1:4: error: a control character (0x1b) is not allowed; in double quotes write it as \\u…
          a: \u{FFFD}[31m
             ^
        """)
  }

  @Test func `a mistake deep in a long line is quoted through a window`() throws {
    let text = "a: [" + String(repeating: "x, ", count: 200) + "}"
    let all = YAMLDocument(text, file: "t.yaml").diagnostics.all
    let lines = try #require(all.first).excerpt.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("  …") && lines[0].unicodeScalars.count <= 105)
    let above = Array(lines[0].unicodeScalars)
    #expect(above[lines[1].unicodeScalars.count - 1] == "}")
  }

  @Test func `the caret stands under wide characters and behind tabs`() {
    #expect(Excerpt(of: "名前: x", column: 5).text == "  名前: x\n        ^")
    #expect(Excerpt(of: "a\t: x", column: 4).text == "  a\t: x\n   \t ^")
    #expect(Excerpt(of: "ab", column: 9).text == "  ab\n    ^")
    #expect(Excerpt(of: "", column: 1).text == "")
  }

  @Test(arguments: [
    ("{ Password: hunter2, a: b }", "{ Password: *******, a: b }"),
    ("auth_password: hunter2 x", "auth_password: ******* *"),
    ("url: nacos://me:hunter2@a:1/x@y", "url: nacos://**********@a:1/x@y"),
    ("url: tri://a:1/x@y", "url: tri://a:1/x@y"), ("secretary", "secretary"), ("a: ://", "a: ://"),
  ])
  func `what may be a secret is not quoted`(line: String, shown: String) {
    #expect(Excerpt(of: line, column: 1).text == "  \(shown)\n  ^")
  }

  @Test func `cutting and flipping a file at every byte never traps`() {
    let text = Array("dubbo: { a: [1, 'b', \"c\\u00e9\"], é: |\n  x\n }\n&a k: *a\n? - x\n: !t y\n---\n...".utf8)
    var read = 0
    for end in text.indices {
      read += YAMLDocument(Array(text[..<end]), file: "t.yaml").root.isNull ? 0 : 1
      for bit in 0..<8 {
        var flipped = text
        flipped[end] ^= 1 << UInt8(bit)
        read += YAMLDocument(flipped, file: "t.yaml").root.isNull ? 0 : 1
      }
    }
    #expect(read > text.count)
  }
}
