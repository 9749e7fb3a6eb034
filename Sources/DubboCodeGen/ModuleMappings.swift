/// The text format of SwiftProtobuf's `ProtoPathModuleMappings` file:
/// `mapping { module_name: "M" proto_file_path: "a.proto" proto_file_path: "b.proto" }`, paths also as a list in brackets.
enum ModuleMappings {
  static func parse(_ text: String) throws -> [String: String] {
    var tokens = try tokenize(text)[...]
    var result: [String: String] = [:]
    while let word = tokens.popFirst() {
      guard word == "mapping" else { throw GeneratorError("module mappings: 'mapping' expected, found '\(word)'") }
      if tokens.first == ":" { tokens.removeFirst() }
      try expect("{", &tokens)
      var module: String?
      var paths: [String] = []
      while let key = tokens.popFirst(), key != "}" {
        if tokens.first == ":" { tokens.removeFirst() }
        let values = try values(&tokens)
        switch key {
        case "module_name": module = values.first
        case "proto_file_path": paths += values
        default: throw GeneratorError("module mappings: unknown field '\(key)'; known are module_name, proto_file_path")
        }
        if tokens.first == "," || tokens.first == ";" { tokens.removeFirst() }
      }
      guard let module, !module.isEmpty else { throw GeneratorError("module mappings: a mapping has no module_name") }
      for path in paths {
        if let other = result[path], other != module {
          throw GeneratorError("module mappings: \(path) is mapped to \(other) and to \(module)")
        }
        result[path] = module
      }
    }
    return result
  }

  private static func expect(_ token: String, _ tokens: inout ArraySlice<String>) throws {
    guard let next = tokens.popFirst(), next == token else {
      throw GeneratorError("module mappings: '\(token)' expected")
    }
  }

  private static func values(_ tokens: inout ArraySlice<String>) throws -> [String] {
    guard let first = tokens.popFirst() else { throw GeneratorError("module mappings: a value is missing at the end") }
    if first != "[" { return [try string(first)] }
    var result: [String] = []
    while let next = tokens.popFirst(), next != "]" {
      if next != "," { result.append(try string(next)) }
    }
    return result
  }

  private static func string(_ token: String) throws -> String {
    guard token.hasPrefix("\"") else {
      throw GeneratorError("module mappings: a quoted text expected, found '\(token)'")
    }
    return String(token.dropFirst())
  }

  /// Words and punctuation; a quoted text keeps its opening quote.
  private static func tokenize(_ text: String) throws -> [String] {
    var tokens: [String] = []
    var rest = text[...]
    while let first = rest.first {
      if first == "#" {
        rest = rest.drop { $0 != "\n" }
      } else if first.isWhitespace {
        rest.removeFirst()
      } else if first == "\"" || first == "'" {
        rest.removeFirst()
        guard let end = rest.firstIndex(of: first) else {
          throw GeneratorError("module mappings: a quote is not closed")
        }
        tokens.append("\"" + rest[..<end])
        rest = rest[end...].dropFirst()
      } else if first.isLetter || first == "_" {
        let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        tokens.append(String(word))
        rest = rest.dropFirst(word.count)
      } else {
        tokens.append(String(first))
        rest.removeFirst()
      }
    }
    return tokens
  }
}
