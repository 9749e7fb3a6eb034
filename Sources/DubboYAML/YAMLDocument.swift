/// A parsed text: its tree, its source, and what was wrong with it as YAML.
///
/// Parsing never throws and never traps, whatever the bytes are: a text that is no YAML has the root `.refused` and an
/// error among its diagnostics. To read a rule, typically:
///
///     let document = YAMLDocument(text, file: "shop.condition-router")
///     if let rule = document.reader.fields("a condition rule") {
///       rule.require("key")
///       let key = rule.string("key")                     // text as written: `1.10` and `no` stay so
///       let force = rule.bool("force") ?? false          // true/false, yes/no, on/off
///       let priority = rule.integer("priority") ?? 0
///       let scope = rule.choice("scope", ["service": Scope.service, "application": .application])
///       for condition in rule.list("conditions") {       // each a `YAMLReader` of its own
///         guard let text = condition.string() else { continue }
///         if let spot = offsetOfMistake(text) {           // in Unicode scalars
///           condition.error("a pair has the form key=value", atOffset: spot)
///         }
///       }
///       rule.finish()                                    // warns about keys that nobody asked for
///     }
///     let diagnostics = document.reader.diagnostics       // `hasErrors`; `all` prints with line, column and caret
///
/// All readers of one document share its `diagnostics`, so everything that is wrong is found in one pass. A document
/// is for the one task that reads it; its `root` is a `Sendable` value.
package struct YAMLDocument {
  /// The root of the first document in the text; `null` when there is none.
  package let root: YAMLNode
  /// The roots of all documents in the text; without `holdsSeveral` of the first.
  package let roots: [YAMLNode]
  package let diagnostics: YAMLDiagnostics

  /// `file` is what messages call the text. A text that does not hold several documents gets a warning at the second.
  package init(_ text: String, file: String, limits: YAMLLimits = YAMLLimits(), holdsSeveral: Bool = false) {
    self.init(Array(text.utf8), file: file, limits: limits, holdsSeveral: holdsSeveral)
  }

  /// UTF-8, with or without a byte order mark.
  package init(_ bytes: [UInt8], file: String, limits: YAMLLimits = YAMLLimits(), holdsSeveral: Bool = false) {
    let hasMark = bytes.starts(with: [0xef, 0xbb, 0xbf])
    let kept = bytes.count > limits.bytes ? [] : hasMark ? Array(bytes.dropFirst(3)) : bytes
    let source = YAMLSource(name: file, bytes: kept)
    self.diagnostics = YAMLDiagnostics(source: source)
    if bytes.count > limits.bytes {
      diagnostics.error("the text has \(bytes.count) bytes; at most \(limits.bytes) are read", at: .start)
      roots = [YAMLNode(.refused, at: .start)]
    } else if bytes.starts(with: [0xfe, 0xff]) || bytes.starts(with: [0xff, 0xfe]) {
      diagnostics.error("the file is UTF-16; save it as UTF-8", at: .start)
      roots = [YAMLNode(.refused, at: .start)]
    } else {
      var builder = YAMLTreeBuilder(limits: limits, diagnostics: diagnostics)
      roots = builder.build(source, holdsSeveral: holdsSeveral)
    }
    root = roots.first ?? YAMLNode(.scalar(YAMLScalar("")), at: .start)
  }

  /// Reads the root.
  package var reader: YAMLReader { reader(of: root) }

  /// Reads each document.
  package var readers: [YAMLReader] { roots.map(reader(of:)) }

  /// Reads a tree that was made from the root, for instance with values put in its place.
  package func reader(of root: YAMLNode) -> YAMLReader { YAMLReader(root, path: "", diagnostics: diagnostics) }
}
