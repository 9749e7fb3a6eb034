extension String: URLParameterValue {
  public init?(parameterText text: String) { self = text }
  public var parameterText: String? { self }
}

extension Bool: URLParameterValue {
  /// `true` or `false` in any letter case.
  public init?(parameterText text: String) {
    switch text.lowercased() {
    case "true": self = true
    case "false": self = false
    default: return nil
    }
  }

  public var parameterText: String? { self ? "true" : "false" }
}

extension Int: URLParameterValue {
  public init?(parameterText text: String) { self.init(text) }
  public var parameterText: String? { String(self) }
}

extension Double: URLParameterValue {
  /// A finite number.
  public init?(parameterText text: String) {
    guard let value = Double(text), value.isFinite else { return nil }
    self = value
  }

  public var parameterText: String? { String(self) }
}

extension Duration: URLParameterValue {
  /// Whole milliseconds, not negative, as everywhere in Dubbo's URLs.
  public init?(parameterText text: String) {
    guard let milliseconds = Int64(text), milliseconds >= 0 else { return nil }
    self = .milliseconds(milliseconds)
  }

  public var parameterText: String? { String(saturatedNanoseconds / 1_000_000) }
}

extension Array: URLParameterValue where Element: URLParameterValue {
  /// Values between commas; blanks around them and empty ones do not count.
  public init?(parameterText text: String) {
    var values: [Element] = []
    for part in text.split(separator: ",") {
      let trimmed = part.trimmingBlanks()
      guard !trimmed.isEmpty else { continue }
      guard let value = Element(parameterText: String(trimmed)) else { return nil }
      values.append(value)
    }
    self = values
  }

  public var parameterText: String? {
    isEmpty ? nil : compactMap(\.parameterText).joined(separator: ",")
  }
}

extension Optional: URLParameterValue where Wrapped: URLParameterValue {
  /// An empty text is no value: registries hold `version=` for services that have none.
  public init?(parameterText text: String) {
    guard !text.isEmpty else {
      self = .none
      return
    }
    guard let value = Wrapped(parameterText: text) else { return nil }
    self = .some(value)
  }

  public var parameterText: String? { flatMap(\.parameterText) }
}

extension StringProtocol {
  /// Without blanks and tabs at its ends.
  package func trimmingBlanks() -> SubSequence {
    var slice = self[...]
    while let first = slice.first, first == " " || first == "\t" { slice.removeFirst() }
    while let last = slice.last, last == " " || last == "\t" { slice.removeLast() }
    return slice
  }
}

/// A value that is one of several words, for parameters that are an enumeration.
extension URLParameterValue where Self: RawRepresentable, RawValue == String {
  public init?(parameterText text: String) { self.init(rawValue: text) }
  public var parameterText: String? { rawValue }
}
