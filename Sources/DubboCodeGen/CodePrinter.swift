/// Source text, line by line, at a depth of indentation.
struct CodePrinter {
  private(set) var text = ""
  private var depth = 0
  /// True right behind an opening brace or an empty line, where another empty line would be one too many.
  private var isFresh = true

  mutating func line(_ line: String) {
    text += String(repeating: "  ", count: depth) + line + "\n"
    isFresh = line.hasSuffix("{")
  }

  mutating func lines(_ lines: [String]) {
    for line in lines { self.line(line) }
  }

  /// An empty line between two declarations, never two of them and none behind an opening brace.
  mutating func gap() {
    guard !isFresh else { return }
    text += "\n"
    isFresh = true
  }

  mutating func block(_ head: String, end: String = "}", _ body: (inout CodePrinter) -> Void) {
    line(head + " {")
    indented(body)
    line(end)
  }

  mutating func indented(_ body: (inout CodePrinter) -> Void) {
    depth += 1
    body(&self)
    depth -= 1
  }

  mutating func doc(_ comment: [String]) {
    for text in comment { line(text.isEmpty ? "///" : "/// " + text) }
  }
}

/// Text as a Swift string literal.
func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where scalar.value < 0x20 || scalar.value == 0x7f: result += "\\u{\(String(scalar.value, radix: 16))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
