internal import DubboProtobuf

/// The source's comments, found by the path of what they stand at.
struct Comments {
  private let byPath: [[Int32]: [String]]

  init(_ info: Google_Protobuf_SourceCodeInfo) {
    var byPath: [[Int32]: [String]] = [:]
    for location in info.location {
      let text = location.leadingComments.isEmpty ? location.trailingComments : location.leadingComments
      if !text.isEmpty { byPath[location.path] = Self.lines(text) }
    }
    self.byPath = byPath
  }

  subscript(path: [Int32]) -> [String] { byPath[path] ?? [] }

  /// Without the one space behind the comment mark, and without empty lines around.
  private static func lines(_ text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var line = line.hasPrefix(" ") ? line.dropFirst() : line
      while line.last?.isWhitespace ?? false { line.removeLast() }
      return String(line)
    }
    while lines.last?.isEmpty ?? false { lines.removeLast() }
    while lines.first?.isEmpty ?? false { lines.removeFirst() }
    return lines
  }
}
