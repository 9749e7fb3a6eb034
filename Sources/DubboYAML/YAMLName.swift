/// Compares names the way people spell them.
package enum YAMLName {
  /// What all spellings of one name have in common: `registry-ids`, `registry_ids`, `registryIds`, `registry.ids`.
  package static func canonical(_ name: String) -> String {
    var name = name
    return name.withUTF8 { written in
      String(unsafeUninitializedCapacity: written.count) { buffer in
        var count = 0
        for byte in written where byte != UInt8(ascii: "-") && byte != UInt8(ascii: "_") && byte != UInt8(ascii: ".") {
          let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
          buffer[count] = isCapital ? byte | 0x20 : byte
          count += 1
        }
        return count
      }
    }
  }

  /// The known name that `name` is most likely a slip of, or nil when none is near.
  package static func nearest(to name: String, among known: [String]) -> String? {
    let wanted = Array(canonical(String(name.prefix(64))).unicodeScalars)
    let allowed = max(1, wanted.count / 3)
    var best: (name: String, distance: Int)?
    for candidate in known {
      let distance = distance(wanted, Array(canonical(candidate).unicodeScalars))
      if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one name into the other.
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 1...left.count {
      var current = [row]
      for column in 1...right.count {
        let same = left[row - 1] == right[column - 1]
        var cost = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1))
        if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
          cost = min(cost, beforeLast[column - 2] + 1)
        }
        current.append(cost)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }
}
