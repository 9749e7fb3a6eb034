internal import DubboCore

/// Finds a few attachments of a call in one pass over its metadata, without making text of any other.
struct AttachmentScan: Sendable {
  /// Lower case, as metadata holds them.
  private let names: [[UInt8]]

  init(_ names: [String]) {
    self.names = names.map { Array($0.lowercased().utf8) }
  }

  /// The first value of each name, in their order; nil when the call has none of them.
  func values(in metadata: Metadata) -> [String?]? {
    guard !names.isEmpty, !metadata.isEmpty else { return nil }
    var values: [String?]?
    metadata.block.withUnsafeBufferPointer { bytes in
      for field in metadata.fields {
        for (index, name) in names.enumerated() where name.count == field.name.count {
          guard values?[index] == nil, zip(bytes[field.name], name).allSatisfy({ $0 == $1 }) else { continue }
          var found = values ?? [String?](repeating: nil, count: names.count)
          found[index] = String(decoding: bytes[field.value], as: UTF8.self)
          values = found
        }
      }
    }
    return values
  }
}
