internal import DubboYAML

/// `${NAME}` and `${NAME:default}` in values, as files of Dubbo for Java and Go have them: a variable of the
/// environment, also in the environment's spelling (`${nacos.address}` is `NACOS_ADDRESS`), else a value of the same file
/// by its path, as in files for Spring (`${spring.application.name}`).
struct Placeholders {
  private let environment: [String: String]
  private let diagnostics: YAMLDiagnostics
  /// A value may not grow beyond this, however many variables it names.
  private static let limit = 65_536

  private let root: YAMLNode

  init(_ environment: [String: String], _ diagnostics: YAMLDiagnostics, in root: YAMLNode) {
    self.environment = environment
    self.diagnostics = diagnostics
    self.root = root
  }

  /// The tree with values in the place of placeholders; only `dubbo` is looked at, and not its `data`.
  var replaced: YAMLNode {
    guard case .mapping(var entries) = root.content else { return root }
    for index in entries.indices where entries[index].key == "dubbo" {
      guard case .mapping(var sections) = entries[index].value.content else { continue }
      for section in sections.indices where sections[section].key != "data" {
        sections[section].value = replaced(sections[section].value)
      }
      entries[index].value.content = .mapping(sections)
    }
    var copy = root
    copy.content = .mapping(entries)
    return copy
  }

  private func replaced(_ node: YAMLNode) -> YAMLNode {
    var copy = node
    switch node.content {
    case .scalar(var scalar) where scalar.text.contains("${"):
      guard let text = replaced(scalar.text, at: node.position) else {
        copy.content = .refused
        return copy
      }
      scalar.text = text
      copy.content = .scalar(scalar)
    case .sequence(let items): copy.content = .sequence(items.map(replaced))
    case .mapping(let entries):
      copy.content = .mapping(
        entries.map { YAMLEntry(key: $0.key, keyPosition: $0.keyPosition, value: replaced($0.value)) })
    case .scalar, .refused: break
    }
    return copy
  }

  private func replaced(_ text: String, at position: YAMLPosition) -> String? {
    var result = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "${") {
      result += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
        diagnostics.error("a '${' has no '}'", at: position)
        return nil
      }
      let inner = rest[start.upperBound..<end]
      rest = rest[rest.index(after: end)...]
      let colon = inner.firstIndex(of: ":")
      let name = String(inner[..<(colon ?? inner.endIndex)])
      if let value = environment[name] ?? environment[Self.environmentName(name)] ?? fileValue(name) {
        result += value
      } else if let colon {
        result += inner[inner.index(after: colon)...]
      } else {
        let advice = "set it, or give a default: ${NAME:default}"
        diagnostics.error(
          "the environment has no variable \(quotedText(name)), and the file no such value; \(advice)", at: position)
        return nil
      }
      guard result.utf8.count <= Self.limit else {
        diagnostics.error("with its variables the value is longer than \(Self.limit) bytes", at: position)
        return nil
      }
    }
    return result + rest
  }

  /// What stands at a path of the file, such as `spring.application.name`; a value with a placeholder of its own is none.
  private func fileValue(_ path: String) -> String? {
    var node: YAMLNode? = root
    var rest = path[...]
    while let here = node, !rest.isEmpty {
      // Files may write several steps as one key, `spring.application: { name: shop }`.
      guard case .mapping(let entries) = here.content,
        let entry = entries.first(where: { rest == $0.key || rest.hasPrefix("\($0.key).") })
      else { return nil }
      node = entry.value
      rest = rest.dropFirst(entry.key.count + 1)
    }
    guard case .scalar(let scalar)? = node?.content, !scalar.isNull, !scalar.text.contains("${") else { return nil }
    return scalar.text
  }

  private static func environmentName(_ name: String) -> String {
    String(name.map { $0 == "." || $0 == "-" ? "_" : $0 }).uppercased()
  }
}
