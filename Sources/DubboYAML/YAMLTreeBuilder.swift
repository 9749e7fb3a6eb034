/// Turns events into a tree and refuses what configuration has no use for: aliases, merge keys, keys that are not
/// text, keys twice. Each refusal is a diagnostic, and the rest of the text is still read.
struct YAMLTreeBuilder {
  private let limits: YAMLLimits
  private let diagnostics: YAMLDiagnostics
  private var nodes = 0

  init(limits: YAMLLimits, diagnostics: YAMLDiagnostics) {
    self.limits = limits
    self.diagnostics = diagnostics
  }

  /// The roots of the documents in `source`, or of the first alone; what cannot be read is a root that was refused.
  mutating func build(_ source: YAMLSource, holdsSeveral: Bool) -> [YAMLNode] {
    var roots: [YAMLNode] = []
    do throws(YAMLFault) {
      try checkDirectives(source)
      var parser = try YAMLEventParser(source)
      while true {
        let start = try parser.next()
        guard case .documentStart = start.kind else { return roots }
        guard roots.isEmpty || holdsSeveral else {
          diagnostics.warning("only the first document of a text is read; this one is ignored", at: start.position)
          return roots
        }
        roots.append(try node(from: try parser.next(), depth: 1, &parser))
        _ = try parser.next()
      }
    } catch {
      diagnostics.error(error.message, at: error.position)
      // The first document of a text that breaks off later is no document either.
      return [YAMLNode(.refused, at: error.position)]
    }
  }

  private func checkDirectives(_ source: YAMLSource) throws(YAMLFault) {
    let found = source.lines(beginningWith: 0x25, atMost: YAMLLimits.directives + 1)
    if found.count > YAMLLimits.directives, let last = found.last {
      throw YAMLFault(
        message: "more than \(YAMLLimits.directives) lines begin with '%'; a file needs no directives",
        position: YAMLPosition(line: last, column: 1))
    }
  }

  private mutating func node(
    from event: YAMLEvent, depth: Int, _ parser: inout YAMLEventParser
  ) throws(YAMLFault) -> YAMLNode {
    nodes += 1
    guard nodes <= limits.nodes else {
      throw YAMLFault(message: "the text has more than \(limits.nodes) values", position: event.position)
    }
    guard depth <= limits.depth else {
      throw YAMLFault(
        message: "lists and mappings are nested more than \(limits.depth) levels deep", position: event.position)
    }
    switch event.kind {
    case .scalar(let scalar, let anchor):
      check(tag: scalar.tag, anchor: anchor, at: event.position)
      return YAMLNode(.scalar(scalar), at: event.position)
    case .sequenceStart(let tag, let anchor):
      check(tag: tag, anchor: anchor, at: event.position)
      return YAMLNode(.sequence(try items(depth: depth, &parser)), at: event.position)
    case .mappingStart(let tag, let anchor):
      check(tag: tag, anchor: anchor, at: event.position)
      return YAMLNode(.mapping(try entries(depth: depth, &parser)), at: event.position)
    case .alias(let name):
      diagnostics.error("aliases are not supported; write out the value of \(quotedText(name))", at: event.position)
      return YAMLNode(.refused, at: event.position)
    case .documentStart, .documentEnd, .sequenceEnd, .mappingEnd, .streamEnd:
      throw YAMLFault(message: "the text ends where a value is expected", position: event.position)
    }
  }

  private mutating func items(depth: Int, _ parser: inout YAMLEventParser) throws(YAMLFault) -> [YAMLNode] {
    var items: [YAMLNode] = []
    while true {
      let event = try parser.next()
      if case .sequenceEnd = event.kind { return items }
      items.append(try node(from: event, depth: depth + 1, &parser))
    }
  }

  private mutating func entries(depth: Int, _ parser: inout YAMLEventParser) throws(YAMLFault) -> [YAMLEntry] {
    var entries: [YAMLEntry] = []
    var positions: [String: YAMLPosition] = [:]
    while true {
      let event = try parser.next()
      if case .mappingEnd = event.kind { return entries }
      let key = try node(from: event, depth: depth + 1, &parser)
      let value = try node(from: try parser.next(), depth: depth + 1, &parser)
      guard let name = name(of: key) else { continue }
      if let first = positions[name] {
        diagnostics.error(
          "the key \(quotedText(name)) stands here again; it is already on line \(first.line)", at: key.position)
        continue
      }
      positions[name] = key.position
      entries.append(YAMLEntry(key: name, keyPosition: key.position, value: value))
    }
  }

  private func name(of key: YAMLNode) -> String? {
    guard case .scalar(let scalar) = key.content else {
      if case .refused = key.content { return nil }
      diagnostics.error("a key must be text, and this is \(key.kind)", at: key.position)
      return nil
    }
    if scalar.isPlain, scalar.text == "<<" {
      diagnostics.error("merge keys (<<) are not supported; write the values out", at: key.position)
      return nil
    }
    if scalar.text.isEmpty {
      diagnostics.error("a key is empty", at: key.position)
      return nil
    }
    return scalar.text
  }

  private func check(tag: String?, anchor: String?, at position: YAMLPosition) {
    if let anchor {
      diagnostics.warning(
        "the anchor \(quotedText(anchor)) is ignored, for aliases are not supported", at: position)
    }
    if let tag, !tag.hasPrefix("tag:yaml.org,2002:"), tag != "!" {
      diagnostics.warning("the tag \(quotedText(tag)) means nothing here and is ignored", at: position)
    }
  }
}
