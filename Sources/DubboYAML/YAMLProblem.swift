/// libyaml's words for what is wrong, turned into what the author can do about it where the words alone do not help.
enum YAMLProblem {
  static func reader(_ problem: String, value: Int) -> String {
    let byte = value >= 0 ? " (0x\(String(value, radix: 16)))" : ""
    return problem == "control characters are not allowed"
      ? "a control character\(byte) is not allowed; in double quotes write it as \\u…"
      : "\(problem)\(byte); the file must be UTF-8"
  }

  static func sentence(for problem: String, at position: YAMLPosition, in source: YAMLSource) -> String {
    let line = Array(source.line(position.line).unicodeScalars)
    let index = position.column - 1
    let found = line.indices.contains(index) ? line[index] : nil
    let indentation = line.prefix { $0 == " " || $0 == "\t" }
    switch problem {
    case "found character that cannot start any token" where found == "\t" || indentation.contains("\t"),
      "found a tab character that violates indentation", "found a tab character where an indentation space is expected":
      return "a tab cannot indent YAML; use spaces"
    case "found character that cannot start any token":
      return "'\(found.map(String.init) ?? "")' cannot begin a value; put the value in quotes"
    case "mapping values are not allowed in this context":
      return "a ': ' is not possible here; quote a value that contains one, or mend the indentation of this line"
    case "did not find expected key", "could not find expected ':'":
      return "\(problem); look at the indentation and the ':' of this line and of the one above"
    case "did not find expected ',' or '}'", "did not find expected ',' or ']'":
      return "\(problem); put a value that contains one of , [ ] { } in quotes"
    default:
      return problem
    }
  }
}
