/// How much of a text is read before it is refused. Configuration and rules are far below all of these.
package struct YAMLLimits: Sendable, Hashable {
  /// The size of the text in bytes.
  package var bytes: Int
  /// Sequences and mappings inside each other. Low, for libyaml's own time grows with the square of the depth.
  package var depth: Int
  /// Scalars, sequences and mappings, keys included.
  package var nodes: Int

  package init(bytes: Int = 1 << 20, depth: Int = 64, nodes: Int = 100_000) {
    self.bytes = bytes
    self.depth = depth
    self.nodes = nodes
  }

  /// `%TAG` lines; libyaml compares each with every other, so a file of nothing else would take minutes.
  static let directives = 16
}
