/// Hides in a quoted line what may be a secret, character by character, so that a caret keeps its place.
///
/// Hidden are the value after a key that speaks of a password, secret or token, and what stands between `://` and `@`.
enum SecretMask {
  private static let words = ["password", "passwd", "secret", "token"].map { Array($0.unicodeScalars) }

  static func apply(to line: inout [Unicode.Scalar]) {
    let lowered = line.map { scalar in
      ("A"..."Z").contains(scalar) ? Unicode.Scalar(scalar.value + 32) ?? scalar : scalar
    }
    for index in lowered.indices {
      if words.contains(where: { lowered[index...].starts(with: $0) }) { hideValue(after: index, in: &line) }
      if lowered[index...].starts(with: ["/", "/"]), index > 0, lowered[index - 1] == ":" {
        hideUser(after: index + 2, in: &line)
      }
    }
  }

  private static func hideValue(after index: Int, in line: inout [Unicode.Scalar]) {
    guard let colon = line[index...].firstIndex(where: { $0 == ":" || $0 == "=" }) else { return }
    for place in line.indices where place > colon {
      if line[place] == "," || line[place] == "}" { return }
      if line[place] != " " { line[place] = "*" }
    }
  }

  private static func hideUser(after start: Int, in line: inout [Unicode.Scalar]) {
    let end = line[start...].firstIndex { $0 == "/" || $0 == " " || $0 == "?" } ?? line.endIndex
    guard let at = line[start..<end].lastIndex(of: "@") else { return }
    for place in start..<at { line[place] = "*" }
  }
}
