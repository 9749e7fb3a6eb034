internal import DubboCore

/// Finds a few attachments of a call in one pass over its metadata, without making text of any.
struct AttachmentScan: Sendable {
  /// Some attachments of a call, byte for byte: calls that have the same are alike to whoever looks at these alone.
  struct Found: Sendable, Hashable {
    fileprivate var bytes: [UInt8] = []

    // In one piece, which an array would not be.
    func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
  }

  /// Lower case, as metadata holds them.
  private let names: [[UInt8]]

  init(_ names: [String]) {
    self.names = names.map { Array($0.lowercased().utf8) }
  }

  /// The entries of these names; nil when the call has none of them.
  func find(in metadata: Metadata) -> Found? {
    guard !names.isEmpty, !metadata.isEmpty else { return nil }
    var found: Found?
    for entry in metadata.fields where isWanted(entry.name, metadata.block) {
      // With the lengths before them, so that no two lists of entries have the same bytes.
      let whole = entry.name.lowerBound - 6..<entry.value.upperBound
      if found == nil { found = Found() }
      found?.bytes.append(contentsOf: metadata.block[whole])
    }
    return found
  }

  private func isWanted(_ entry: Range<Int>, _ block: [UInt8]) -> Bool {
    names.contains { name in
      guard name.count == entry.count else { return false }
      var place = entry.lowerBound
      for byte in name {
        guard block[place] == byte else { return false }
        place += 1
      }
      return true
    }
  }
}
