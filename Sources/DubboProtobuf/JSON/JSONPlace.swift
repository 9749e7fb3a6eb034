/// Where an offset lies: found by reading the text once more up to there, so that decoding need not keep count.
struct JSONPlace {
  private(set) var path = "$"
  private(set) var line = 1
  private(set) var column = 1

  private enum Step {
    case key(String)
    case index(Int)
  }

  init(_ bytes: UnsafeRawBufferPointer, offset: Int) {
    var steps: [Step] = []
    var index = 0
    let end = min(offset, bytes.count)
    while index < end {
      switch bytes[index] {
      case UInt8(ascii: "{"): steps.append(.key(""))
      case UInt8(ascii: "["): steps.append(.index(0))
      case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = steps.popLast()
      case UInt8(ascii: ","):
        if case .index(let position)? = steps.last { steps[steps.count - 1] = .index(position + 1) }
        if case .key? = steps.last { steps[steps.count - 1] = .key("") }
      case UInt8(ascii: "\""):
        let start = index + 1
        index = Self.endOfString(bytes, from: start, limit: end)
        if case .key("")? = steps.last {
          let text = UnsafeRawBufferPointer(rebasing: bytes[start..<min(index, bytes.count)].prefix(60))
          steps[steps.count - 1] = .key(String(decoding: text, as: UTF8.self))
        }
      case UInt8(ascii: "\n"):
        line += 1
        column = 0
      default: break
      }
      index += 1
    }
    let lineStart = bytes[..<end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    column = end - lineStart + 1
    for step in steps {
      switch step {
      case .key(let name): path += name.isEmpty ? "" : "." + name
      case .index(let position): path += "[\(position)]"
      }
    }
  }

  private static func endOfString(_ bytes: UnsafeRawBufferPointer, from start: Int, limit: Int) -> Int {
    var index = start
    while index < limit, bytes[index] != UInt8(ascii: "\"") {
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(index, limit)
  }
}
