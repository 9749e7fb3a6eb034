/// Writes one line per event to standard error:
///
///     2026-01-31T12:00:00.000Z WARN dubbo.cluster: a provider was ejected address=10.0.0.7:50051 failures=5
///
/// Control characters are escaped, so that no peer can forge a line; a line has at most about 4 KiB.
public struct StandardErrorLog: LogHandler {
  public var minimumLevel: LogLevel

  public init(minimumLevel: LogLevel = .info) {
    self.minimumLevel = minimumLevel
  }

  public func handle(_ event: LogEvent) {
    writeToStandardError(Array(LogText.line(event, at: wallClockMilliseconds()).utf8))
  }
}

/// Events as text.
package enum LogText {
  /// The longest line, in bytes, before it is cut.
  static let limit = 4096

  static func line(_ event: LogEvent, at milliseconds: Int64) -> String {
    var line = "\(timestamp(milliseconds)) \(name(event.level)) \(event.label): \(escaped(event.message))"
    for field in event.fields.all {
      line += " \(escaped(field.name))=\(quoted(field.value))"
    }
    if line.utf8.count > limit {
      line = String(decoding: line.utf8.prefix(limit), as: UTF8.self) + "…"
    }
    return line + "\n"
  }

  /// With control characters as `\u{…}`.
  package static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isControl(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// In quotes when it has a blank, a quote or an equals sign, or is empty.
  private static func quoted(_ value: String) -> String {
    let text = escaped(value)
    guard text.isEmpty || text.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) else { return text }
    var inner = ""
    for character in text {
      if character == "\"" || character == "\\" { inner.append("\\") }
      inner.append(character)
    }
    return "\"\(inner)\""
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
  }

  private static func name(_ level: LogLevel) -> String {
    switch level {
    case .trace: "TRACE"
    case .debug: "DEBUG"
    case .info: "INFO"
    case .warning: "WARN"
    case .error: "ERROR"
    }
  }

  /// ISO 8601 in UTC, with milliseconds. Days to date after Howard Hinnant's civil calendar algorithm.
  package static func timestamp(_ milliseconds: Int64) -> String {
    let day = milliseconds.flooredQuotient(86_400_000)
    let inDay = milliseconds - day * 86_400_000
    let shifted = day + 719_468
    let era = shifted.flooredQuotient(146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
    let time =
      "\(padded(inDay / 3_600_000, 2)):\(padded(inDay / 60_000 % 60, 2)):\(padded(inDay / 1_000 % 60, 2))"
    return "\(date)T\(time).\(padded(inDay % 1_000, 3))Z"
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Int64 {
  /// Towards minus infinity.
  fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
