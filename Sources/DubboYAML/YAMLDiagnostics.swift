/// Collects everything that is wrong with one text, so that its author sees all of it at once.
///
/// A class because the readers of one text share it; it belongs to the one task that reads.
package final class YAMLDiagnostics {
  package let source: YAMLSource
  private var collected: [YAMLDiagnostic] = []
  private var seen: Set<YAMLDiagnostic> = []
  private var dropped = 0

  /// After this many a text is not worth more sentences: the rest is counted.
  private static let limit = 100

  init(source: YAMLSource) {
    self.source = source
  }

  /// In the order of the text.
  package var all: [YAMLDiagnostic] {
    let order = collected.indices.sorted { (collected[$0].position, $0) < (collected[$1].position, $1) }
    var sorted = order.map { collected[$0] }
    if dropped > 0, let last = sorted.last {
      let text = "and \(dropped) more; mend the ones above and read it again"
      sorted.append(YAMLDiagnostic(last.severity, text, at: last.position, in: source))
    }
    return sorted
  }

  package private(set) var hasErrors = false

  package func error(_ message: String, at position: YAMLPosition, origin: String? = nil) {
    add(.error, message, at: position, origin: origin)
  }

  package func warning(_ message: String, at position: YAMLPosition, origin: String? = nil) {
    add(.warning, message, at: position, origin: origin)
  }

  package func note(_ message: String, at position: YAMLPosition, origin: String? = nil) {
    add(.note, message, at: position, origin: origin)
  }

  private func add(
    _ severity: YAMLDiagnostic.Severity, _ message: String, at position: YAMLPosition, origin: String?
  ) {
    if severity == .error { hasErrors = true }
    guard collected.count < Self.limit else {
      dropped += 1
      return
    }
    let diagnostic = YAMLDiagnostic(severity, message, at: position, origin: origin, in: source)
    if seen.insert(diagnostic).inserted { collected.append(diagnostic) }
  }
}
