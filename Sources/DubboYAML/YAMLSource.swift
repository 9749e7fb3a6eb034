/// The text that was parsed and the name of where it came from, kept so that a message can quote the line it is about.
package struct YAMLSource: Sendable {
  /// What messages call the text: a file's path, or for instance `shop.condition-router`.
  package let name: String
  let bytes: [UInt8]
  private let lineStarts: [Int]

  /// `bytes` is UTF-8; what is not is shown as U+FFFD.
  init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    self.lineStarts = Self.findLineStarts(bytes)
  }

  package var lineCount: Int { lineStarts.count }

  /// One line without its line break; empty when there is no such line.
  package func line(_ number: Int) -> String {
    String(decoding: lineBytes(number), as: UTF8.self)
  }

  /// The numbers of the first lines that begin with this byte.
  func lines(beginningWith byte: UInt8, atMost count: Int) -> [Int] {
    var found: [Int] = []
    for (index, start) in lineStarts.enumerated() where start < bytes.count && bytes[start] == byte {
      found.append(index + 1)
      if found.count == count { break }
    }
    return found
  }

  /// The position of the byte at `offset`; offsets beyond the end mean the end.
  func position(ofByte offset: Int) -> YAMLPosition {
    let offset = min(max(offset, 0), bytes.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let before = String(decoding: bytes[lineStarts[low]..<offset], as: UTF8.self)
    return YAMLPosition(line: low + 1, column: before.unicodeScalars.count + 1)
  }

  private func lineBytes(_ number: Int) -> ArraySlice<UInt8> {
    guard number >= 1, number <= lineStarts.count else { return [] }
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] : bytes.count
    while end > start, Self.breakLength(bytes, endingAt: end) > 0 {
      end -= Self.breakLength(bytes, endingAt: end)
    }
    return bytes[start..<end]
  }

  /// Lines end where YAML 1.1 ends them, so that numbers agree with the parser's: LF, CR LF, CR, NEL, LS and PS.
  private static func findLineStarts(_ bytes: [UInt8]) -> [Int] {
    var starts = [0]
    for end in stride(from: 1, through: bytes.count, by: 1) where breakLength(bytes, endingAt: end) > 0 {
      let splitsCRLF = bytes[end - 1] == 0x0d && end < bytes.count && bytes[end] == 0x0a
      if !splitsCRLF { starts.append(end) }
    }
    return starts
  }

  private static func breakLength(_ bytes: [UInt8], endingAt end: Int) -> Int {
    switch bytes[end - 1] {
    case 0x0a, 0x0d: 1
    case 0x85 where end >= 2 && bytes[end - 2] == 0xc2: 2
    case 0xa8 where end >= 3 && bytes[end - 2] == 0x80 && bytes[end - 3] == 0xe2: 3
    case 0xa9 where end >= 3 && bytes[end - 2] == 0x80 && bytes[end - 3] == 0xe2: 3
    default: 0
    }
  }
}
