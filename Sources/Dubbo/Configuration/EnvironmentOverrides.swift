internal import DubboYAML

/// Variables of the environment as values of the tree: `DUBBO_PROTOCOLS_TRIPLE_PORT` is `dubbo.protocols.triple.port`.
///
/// A variable names a section, where needed an entry of it, and a key, in capitals with `_` between words. An entry
/// that the file has is found whatever its capitals (`DUBBO_REGISTRIES_DEMONACOS_ADDRESS` means `demoNacos`); another
/// one is made, its id in small letters.
struct EnvironmentOverrides {
  private let environment: [String: String]
  private let diagnostics: YAMLDiagnostics

  /// The sections whose values may be said by variables, an entry's id as `*`; the longer of two stands first.
  private static let sections: [[String]] = [
    ["application"], ["protocols", "*"], ["protocol"], ["registries", "*"], ["registry"],
    ["provider", "services", "*"], ["provider"], ["consumer", "references", "*"], ["consumer"], ["config-center"],
    ["metadata-report"], ["shutdown"], ["tls-config"], ["tls"], ["ssl"], ["logger"],
  ]

  init(_ environment: [String: String], _ diagnostics: YAMLDiagnostics) {
    self.environment = environment
    self.diagnostics = diagnostics
  }

  func apply(to root: inout YAMLNode) {
    for name in environment.keys.filter(Self.isMeant).sorted() {
      let parts = name.dropFirst("DUBBO_".count).split(separator: "_", maxSplits: 32).map { $0.lowercased() }
      guard let value = environment[name], !parts.isEmpty else { continue }
      let origin = "environment variable \(name)"
      let dubbo = root["dubbo"]
      guard let path = Self.sections.lazy.compactMap({ path(for: parts, section: $0, in: dubbo) }).first else {
        warn(about: name, parts, origin)
        continue
      }
      let leaf = YAMLNode(.scalar(YAMLScalar(value, style: .doubleQuoted)), at: .start, origin: origin)
      Self.set(leaf, at: ["dubbo"] + path[...], in: &root)
    }
  }

  private static func isMeant(_ name: String) -> Bool {
    name.hasPrefix("DUBBO_") && name != "DUBBO_CONFIG_PATH" && name.utf8.count <= 200
      && name.utf8.allSatisfy { byte in
        byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      }
  }

  /// Where in the tree the variable belongs, when it belongs to `section`.
  private func path(for parts: [String], section: [String], in dubbo: YAMLNode?) -> [String]? {
    var rest = parts[...]
    var path: [String] = []
    var place = dubbo
    for component in section {
      let names = component == "*" ? place?.keys ?? [] : [component]
      if let (name, count) = Self.longest(of: names, beginning: rest) {
        path.append(component == "*" ? name : place?.key(like: name) ?? name)
        rest = rest.dropFirst(count)
      } else if component == "*", let id = rest.popFirst() {
        path.append(id)
      } else {
        return nil
      }
      place = path.last.flatMap { place?[$0] }
    }
    guard !rest.isEmpty else { return nil }
    let key = rest.joined(separator: "-")
    return path + [place?.key(like: key) ?? key]
  }

  /// The longest of the names that the parts begin with, and how many parts it takes.
  private static func longest(of names: [String], beginning parts: ArraySlice<String>) -> (String, Int)? {
    for count in stride(from: parts.count, to: 0, by: -1) {
      let text = YAMLName.canonical(parts.prefix(count).joined())
      if let name = names.first(where: { YAMLName.canonical($0) == text }) { return (name, count) }
    }
    return nil
  }

  private static func set(_ leaf: YAMLNode, at path: ArraySlice<String>, in node: inout YAMLNode) {
    guard let key = path.first else {
      node = leaf
      return
    }
    var entries: [YAMLEntry] = []
    switch node.content {
    case .mapping(let present): entries = present
    case .scalar where node.isNull: break
    // What should be a mapping and is none keeps its own mistake.
    case .scalar, .sequence, .refused: return
    }
    let index =
      entries.firstIndex { $0.key == key }
      ?? {
        let empty = YAMLNode(.mapping([]), at: leaf.position, origin: leaf.origin)
        entries.append(YAMLEntry(key: key, keyPosition: .start, value: empty))
        return entries.count - 1
      }()
    set(leaf, at: path.dropFirst(), in: &entries[index].value)
    node.content = .mapping(entries)
  }

  /// A variable that looks meant for a section; others (`DUBBO_ADMIN_PORT`, which Kubernetes makes for a service) are
  /// not this program's.
  private func warn(about name: String, _ parts: [String], _ origin: String) {
    guard let first = parts.first else { return }
    let sections = Self.sections.compactMap(\.first)
    if let section = YAMLName.nearest(to: first, among: sections), first.count > 3 {
      let known = YAMLName.canonical(section) == YAMLName.canonical(first)
      diagnostics.warning(
        known
          ? "it names no value of the section '\(section)'; it is ignored"
          : "there is no section \(quotedText(first)); did you mean '\(section)'? It is ignored",
        at: .start, origin: origin)
    }
  }
}

extension YAMLNode {
  fileprivate var keys: [String] {
    guard case .mapping(let entries) = content else { return [] }
    return entries.map(\.key)
  }

  /// The key that is `name` in some spelling.
  fileprivate func key(like name: String) -> String? {
    keys.first { YAMLName.canonical($0) == YAMLName.canonical(name) }
  }
}
