/// What a scalar's text means to a field of some type. Nil is "not of this type".
package enum YAMLText {
  /// The unit of a number that stands without one.
  package enum DurationUnit: Sendable {
    case milliseconds, seconds

    var plural: String {
      switch self {
      case .milliseconds: "milliseconds"
      case .seconds: "seconds"
      }
    }
  }

  package static func bool(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes", "on": true
    case "false", "no", "off": false
    default: nil
    }
  }

  /// Whether YAML 1.1 would take the plain text for a boolean; `y` and `n` are letters to everybody by now.
  static func looksBoolean(_ text: String) -> Bool { text.utf8.count <= 5 && bool(text) != nil }

  package static func integer(_ text: String) -> Int? {
    let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    guard digits.utf8.count == 1 || digits.utf8.first != 0x30 else { return nil }
    return Int(text)
  }

  /// One or more numbers with units (`h`, `m`, `s`, `ms`, `us`, `ns`), largest first or not, added up.
  package static func duration(_ text: String, unit: DurationUnit) -> Duration? {
    if let number = integer(text) {
      return duration(count: number, nanosecondsPerUnit: unit == .seconds ? 1_000_000_000 : 1_000_000)
    }
    var rest = text.utf8[...]
    var total = Duration.zero
    while !rest.isEmpty {
      let whole = rest.prefix { (0x30...0x39).contains($0) }
      rest = rest.dropFirst(whole.count)
      var fraction = rest.prefix(0)
      if rest.first == 0x2e {
        rest = rest.dropFirst()
        fraction = rest.prefix { (0x30...0x39).contains($0) }
        guard !fraction.isEmpty, fraction.count <= 9 else { return nil }
        rest = rest.dropFirst(fraction.count)
      }
      let name = rest.prefix { !(0x30...0x39).contains($0) }
      rest = rest.dropFirst(name.count)
      guard let nanoseconds = nanoseconds(String(Substring(name))), let count = Int(Substring(whole)),
        let part = duration(count: count, nanosecondsPerUnit: nanoseconds)
      else { return nil }
      total += part
      if !fraction.isEmpty {
        guard let digits = Int(Substring(fraction)) else { return nil }
        let scale = (0..<fraction.count).reduce(1.0) { scale, _ in scale * 10 }
        total += .nanoseconds(Int64((Double(digits) / scale * Double(nanoseconds)).rounded()))
      }
      guard total <= longest else { return nil }
    }
    return text.isEmpty ? nil : total
  }

  /// A whole number, alone or before `b`, `k`, `kb`, `kib`, `m`, `mb`, `mib`, `g`, `gb`, `gib`, in any case.
  package static func size(_ text: String) -> Int? {
    let text = text.lowercased()
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = integer(String(digits)) else { return nil }
    let factor: Int
    switch trimmed(text.dropFirst(digits.count)) {
    case "", "b": factor = 1
    case "k", "kb", "kib": factor = 1 << 10
    case "m", "mb", "mib": factor = 1 << 20
    case "g", "gb", "gib": factor = 1 << 30
    default: return nil
    }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : bytes
  }

  static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.first, first.isWhitespace { text = text.dropFirst() }
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return text
  }

  private static let longest = Duration.seconds(100 * 366 * 86_400)

  private static func nanoseconds(_ unit: String) -> Int? {
    switch unit.lowercased() {
    case "h": 3_600_000_000_000
    case "m", "min": 60_000_000_000
    case "s", "sec": 1_000_000_000
    case "ms": 1_000_000
    case "us", "µs", "μs": 1_000
    case "ns": 1
    default: nil
    }
  }

  private static func duration(count: Int, nanosecondsPerUnit: Int) -> Duration? {
    let (total, overflow) = count.multipliedReportingOverflow(by: nanosecondsPerUnit)
    guard count >= 0, !overflow else { return nil }
    let duration = Duration.nanoseconds(Int64(total))
    return duration <= longest ? duration : nil
  }
}
