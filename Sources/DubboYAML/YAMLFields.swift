/// Reads a mapping whose keys are known, and warns in the end about those that nobody asked for.
///
/// A key may be spelt `registry-ids`, `registry_ids`, `registryIds` or `registry.ids`; where Dubbo's files have two
/// words for one thing, both are asked for (`string("host", "ip")`). A thing said twice is an error.
package final class YAMLFields {
  package let reader: YAMLReader
  private let what: String
  private let entries: [YAMLEntry]
  private var byName: [String: Int] = [:]
  private var known: [String] = []
  private var asked: Set<String> = []

  init(_ entries: [YAMLEntry], what: String, reader: YAMLReader) {
    self.entries = entries
    self.what = what
    self.reader = reader
    for (index, entry) in entries.enumerated() {
      let name = YAMLName.canonical(entry.key)
      if let first = byName[name] {
        refuse(entry, saidAlready: entries[first])
      } else {
        byName[name] = index
      }
    }
  }

  package var diagnostics: YAMLDiagnostics { reader.diagnostics }
  package var position: YAMLPosition { reader.position }

  /// The value under one of the names; nil when there is none.
  package subscript(names: String...) -> YAMLReader? { value(names) }

  /// Reports that a name is missing or null, unless one of its other names is there.
  package func require(_ names: String...) {
    if value(names)?.isNull ?? true, let name = names.first {
      reader.error("\(what) needs the key '\(name)'")
    }
  }

  /// Names that are known but mean nothing to this program; `why` becomes a note where they are used.
  package func ignore(_ names: String..., because why: String) {
    ignore(names, because: why)
  }

  package func ignore(_ names: [String], because why: String) {
    for name in names {
      value([name])?.note("this is ignored: \(why)")
    }
  }

  package func string(_ names: String...) -> String? { value(names)?.string() }

  package func bool(_ names: String...) -> Bool? { value(names)?.bool() }

  package func integer(_ names: String..., in range: ClosedRange<Int> = Int.min...Int.max) -> Int? {
    value(names)?.integer(in: range)
  }

  package func number(_ names: String..., in range: ClosedRange<Double>) -> Double? {
    value(names)?.number(in: range)
  }

  package func duration(_ names: String..., unit: YAMLText.DurationUnit = .milliseconds) -> Duration? {
    value(names)?.duration(unit: unit)
  }

  package func size(_ names: String...) -> Int? { value(names)?.size() }

  package func choice<T>(_ name: String, _ values: KeyValuePairs<String, T>) -> T? {
    value([name])?.choice(values)
  }

  package func list(_ names: String..., separatedByCommas: Bool = false) -> [YAMLReader] {
    value(names)?.list(separatedByCommas: separatedByCommas) ?? []
  }

  package func strings(_ names: String..., separatedByCommas: Bool = false) -> [String] {
    value(names)?.strings(separatedByCommas: separatedByCommas) ?? []
  }

  package func entries(_ names: String...) -> [(key: String, keyPosition: YAMLPosition, value: YAMLReader)] {
    value(names)?.entries() ?? []
  }

  /// The fields of a mapping below; nil when it is not there.
  package func fields(_ name: String, as what: String) -> YAMLFields? {
    value([name]).flatMap { $0.isNull ? nil : $0.fields(what) }
  }

  /// What nobody asked for so far; asking takes it.
  package func remaining() -> [(key: String, keyPosition: YAMLPosition, value: YAMLReader)] {
    var rest: [(key: String, keyPosition: YAMLPosition, value: YAMLReader)] = []
    for entry in entries where asked.insert(YAMLName.canonical(entry.key)).inserted {
      rest.append((entry.key, entry.keyPosition, reader.child(entry.key, entry.value)))
    }
    return rest
  }

  /// Warns about every key that nobody asked for and names the known key that is nearest.
  package func finish() {
    for (key, position, value) in remaining() {
      var message = "\(what) has no key \(quotedText(key)); it is ignored"
      if let nearest = YAMLName.nearest(to: key, among: known) {
        message += "; did you mean '\(nearest)'?"
      } else if known.count <= 12 {
        message += "; it knows \(known.joined(separator: ", "))"
      }
      diagnostics.warning("\(value.path): \(message)", at: position, origin: value.node.origin)
    }
  }

  /// The value under one of the names. A value from elsewhere than the text goes before one from the text.
  package func value(_ names: [String]) -> YAMLReader? {
    var found: YAMLEntry?
    for name in names {
      let canonical = YAMLName.canonical(name)
      if asked.insert(canonical).inserted { known.append(name) }
      guard let index = byName[canonical] else { continue }
      switch found {
      case nil: found = entries[index]
      case let first? where first.value.origin != nil: continue
      case _ where entries[index].value.origin != nil: found = entries[index]
      case let first?: refuse(entries[index], saidAlready: first)
      }
    }
    return found.map { reader.child($0.key, $0.value) }
  }

  private func refuse(_ entry: YAMLEntry, saidAlready first: YAMLEntry) {
    diagnostics.error(
      "\(quotedText(entry.key)) and \(quotedText(first.key)) (line \(first.keyPosition.line)) are the same; keep one",
      at: entry.keyPosition)
  }
}
