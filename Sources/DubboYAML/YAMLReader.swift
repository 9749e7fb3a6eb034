/// Reads one node as the type that its field wants, and says in the document's diagnostics why it could not.
///
/// Every read answers nil for a value that is wrong (reported), absent or `null` (not reported), so a caller reads on
/// with its default and all mistakes come out in one pass.
package struct YAMLReader {
  package let node: YAMLNode
  /// Where the node stands in the tree, for messages: `dubbo.protocols.triple.port`; empty for the root.
  package let path: String
  package let diagnostics: YAMLDiagnostics

  init(_ node: YAMLNode, path: String, diagnostics: YAMLDiagnostics) {
    self.node = node
    self.path = path
    self.diagnostics = diagnostics
  }

  package var position: YAMLPosition { node.position }
  package var isNull: Bool { node.isNull }

  /// Any single value as it was written: `version: 1.10` is "1.10". An unquoted `no` is the text "no", with a note,
  /// because other readers of YAML take it for a boolean.
  package func string() -> String? {
    guard let scalar = scalar(expected: "text") else { return nil }
    if scalar.isPlain, YAMLText.looksBoolean(scalar.text) {
      note("\(scalar.text) is read as text here, but other programs read a boolean; quote it to be clear")
    }
    return scalar.text
  }

  /// A single value as it is written, for whom it makes no difference what type others see in it.
  package func plainText() -> String? { scalar(expected: "text")?.text }

  /// `true`, `yes`, `on` and `false`, `no`, `off`, in any case, quoted or not.
  package func bool() -> Bool? {
    parse("true or false") { YAMLText.bool($0) }
  }

  /// A decimal number within `range`. A leading zero is refused, for some readers take it for an octal number.
  package func integer(in range: ClosedRange<Int> = Int.min...Int.max) -> Int? {
    let expected =
      switch (range.lowerBound, range.upperBound) {
      case (.min, .max): "a whole number"
      case (let low, .max): "a whole number from \(low) on"
      case (.min, let high): "a whole number up to \(high)"
      case (let low, let high): "a whole number from \(low) to \(high)"
      }
    return parse(expected) { text in YAMLText.integer(text).flatMap { range.contains($0) ? $0 : nil } }
  }

  /// A finite number within `range`.
  package func number(in range: ClosedRange<Double>) -> Double? {
    parse("a number from \(range.lowerBound) to \(range.upperBound)") { text in
      Double(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// `3s`, `250ms`, `1m30s`, `2h`, or a number alone, which counts in `unit`. Not negative, at most 100 years.
  package func duration(unit: YAMLText.DurationUnit = .milliseconds) -> Duration? {
    parse("a duration such as 3s, 250ms or 1m30s, or a number of \(unit.plural)") {
      YAMLText.duration($0, unit: unit)
    }
  }

  /// A number of bytes: `4mb`, `64KiB`, `1048576`; all units count in 1024s, as Dubbo's files mean them.
  package func size() -> Int? {
    parse("a size such as 4mb, 64kb or a number of bytes") { YAMLText.size($0) }
  }

  /// One of the named values, in any spelling that `YAMLName.canonical` makes equal.
  package func choice<T>(_ values: KeyValuePairs<String, T>) -> T? {
    parse("one of \(values.map(\.key).joined(separator: ", "))") { text in
      let wanted = YAMLName.canonical(text)
      return values.first { YAMLName.canonical($0.key) == wanted }?.value
    }
  }

  /// A text that `convert` understands. What it throws is the message, so it should quote the text and say what is
  /// wrong with it.
  package func converted<T>(expecting expected: String, _ convert: (String) throws -> T) -> T? {
    guard let scalar = scalar(expected: expected) else { return nil }
    do {
      return try convert(scalar.text)
    } catch {
      fail("this must be \(expected): \(error)")
      return nil
    }
  }

  /// The items of a list. A single value is a list of one, and so is a text with commas when `separatedByCommas`.
  package func list(separatedByCommas: Bool = false) -> [YAMLReader] {
    switch node.content {
    case .sequence(let items):
      return items.enumerated().map { YAMLReader($1, path: "\(path)[\($0)]", diagnostics: diagnostics) }
    case .scalar(let scalar) where scalar.isNull: return []
    case .scalar(let scalar) where separatedByCommas && scalar.text.contains(","):
      return scalar.text.split(separator: ",").compactMap { part in
        let text = String(YAMLText.trimmed(part))
        let item = YAMLNode(
          .scalar(YAMLScalar(text, style: scalar.style, tag: scalar.tag)), at: position, origin: node.origin)
        return text.isEmpty ? nil : YAMLReader(item, path: path, diagnostics: diagnostics)
      }
    case .scalar: return [self]
    case .mapping:
      complain(expected: "a list")
      return []
    case .refused: return []
    }
  }

  /// The items of a list, each as text.
  package func strings(separatedByCommas: Bool = false) -> [String] {
    list(separatedByCommas: separatedByCommas).compactMap { $0.string() }
  }

  /// The keys and values of a mapping whose keys are its author's own, such as the names of services.
  package func entries() -> [(key: String, keyPosition: YAMLPosition, value: YAMLReader)] {
    switch node.content {
    case .mapping(let entries):
      return entries.map { entry in
        (entry.key, entry.keyPosition, child(entry.key, entry.value))
      }
    case .scalar(let scalar) where scalar.isNull: return []
    case .refused: return []
    case .scalar, .sequence:
      complain(expected: "a mapping")
      return []
    }
  }

  /// The fields of a mapping whose keys are known; `what` names it in messages. Nil when this is no mapping.
  package func fields(_ what: String) -> YAMLFields? {
    switch node.content {
    case .mapping(let entries): return YAMLFields(entries, what: what, reader: self)
    case .refused: return nil
    case .scalar(let scalar) where scalar.isNull: return YAMLFields([], what: what, reader: self)
    case .scalar, .sequence:
      complain(expected: "\(what), which is a mapping")
      return nil
    }
  }

  // MARK: Messages

  /// Reports a mistake of this node; `offset` points into its text, in Unicode scalars, where that can be found.
  package func error(_ message: String, atOffset offset: Int = 0) {
    let place = node.origin == nil ? node.position(atOffset: offset, in: diagnostics.source) : position
    diagnostics.error(path.isEmpty ? message : "\(path): \(message)", at: place, origin: node.origin)
  }

  package func warning(_ message: String) {
    diagnostics.warning(path.isEmpty ? message : "\(path): \(message)", at: position, origin: node.origin)
  }

  package func note(_ message: String) {
    diagnostics.note(path.isEmpty ? message : "\(path): \(message)", at: position, origin: node.origin)
  }

  func child(_ key: String, _ node: YAMLNode) -> YAMLReader {
    let shown = quotedText(key).dropFirst().dropLast()
    let below = path.isEmpty ? String(shown) : "\(path.suffix(200)).\(shown)"
    return YAMLReader(node, path: below, diagnostics: diagnostics)
  }

  private func fail(_ message: String) { error(message) }

  private func complain(expected: String) {
    fail("this must be \(expected), but it is \(node.kind)")
  }

  private func scalar(expected: String) -> YAMLScalar? {
    switch node.content {
    case .scalar(let scalar): return scalar.isNull ? nil : scalar
    case .refused: return nil
    case .sequence, .mapping:
      complain(expected: expected)
      return nil
    }
  }

  private func parse<T>(_ expected: String, _ convert: (String) -> T?) -> T? {
    guard let scalar = scalar(expected: expected) else { return nil }
    if let value = convert(scalar.text) { return value }
    fail("\(quotedText(scalar.text)) is not \(expected)")
    return nil
  }
}
