/// RFC 3339 in the years 1 to 9999, written in UTC with 0, 3, 6 or 9 decimals.
extension Google_Protobuf_Timestamp: JSONValueMessage {
  public init(seconds: Int64, nanos: Int32 = 0) {
    self.init()
    self.seconds = seconds
    self.nanos = nanos
  }

  /// A time this long after (or before) 1970-01-01T00:00:00Z.
  public init(sinceEpoch duration: Duration) {
    self.init()
    (seconds, nanos) = duration.wholeSecondsAndNanoseconds
    // A timestamp counts its nanoseconds forwards even before the epoch.
    if nanos < 0 {
      nanos += 1_000_000_000
      seconds &-= 1
    }
  }

  /// The time passed since 1970-01-01T00:00:00Z.
  public var durationSinceEpoch: Duration { .seconds(seconds) + .nanoseconds(Int64(nanos)) }

  /// The seconds that a timestamp may have: the years 1 to 9999.
  package static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  public func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) {
    guard Self.range.contains(seconds), (0...999_999_999).contains(nanos) else {
      throw noJSON("the time is not in the years 1 to 9999, or its nanoseconds are not 0 to 999999999")
    }
    let days = Calendar.floorDivide(seconds, 86_400)
    let date = Calendar.date(ofDay: days)
    let second = Int(seconds - days * 86_400)
    var text =
      Decimals.padded(Int(date.year), 4) + "-" + Decimals.padded(date.month, 2) + "-" + Decimals.padded(date.day, 2)
    text += "T" + Decimals.padded(second / 3_600, 2) + ":" + Decimals.padded(second / 60 % 60, 2) + ":"
    text += Decimals.padded(second % 60, 2) + Decimals.fraction(nanos) + "Z"
    json.string(text)
  }

  public mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault) {
    json.skipSpace()
    let place = json.cursor
    let text = [UInt8](try json.string().utf8)
    guard let (seconds, nanos) = Self.parse(text) else {
      throw json.fault("expected a time like 2024-02-29T12:00:00.5Z", at: place)
    }
    guard Self.range.contains(seconds) else { throw json.fault("the time is not in the years 1 to 9999", at: place) }
    self.seconds = seconds
    self.nanos = nanos
  }

  private static func parse(_ text: [UInt8]) -> (Int64, Int32)? {
    var scanner = DigitScanner(text)
    guard let year = scanner.digits(4), scanner.skip("-"), let month = scanner.digits(2), scanner.skip("-"),
      let day = scanner.digits(2), scanner.skip("T"), let hour = scanner.digits(2), scanner.skip(":"),
      let minute = scanner.digits(2), scanner.skip(":"), let second = scanner.digits(2)
    else { return nil }
    guard year >= 1, (1...12).contains(month), day >= 1, day <= Calendar.days(inMonth: month, of: year), hour < 24,
      minute < 60, second < 60
    else { return nil }
    var nanos: Int32 = 0
    if scanner.skip(".") {
      guard let fraction = scanner.fraction() else { return nil }
      nanos = fraction
    }
    var offset = 0
    if !scanner.skip("Z") {
      let sign = scanner.skip("+") ? 1 : scanner.skip("-") ? -1 : 0
      guard sign != 0, let hours = scanner.digits(2), scanner.skip(":"), let minutes = scanner.digits(2), hours < 24,
        minutes < 60
      else { return nil }
      offset = sign * (hours * 3_600 + minutes * 60)
    }
    guard scanner.isAtEnd else { return nil }
    let seconds = Calendar.day(of: year, month, day) * 86_400 + Int64(hour * 3_600 + minute * 60 + second - offset)
    return (seconds, nanos)
  }
}

/// The Gregorian calendar, stretched to all years.
private enum Calendar {
  static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
  }

  static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days since 1970-01-01. Years are counted from March, so that a leap day is the last one of its year.
  static func day(of year: Int, _ month: Int, _ day: Int) -> Int64 {
    let shifted = Int64(month <= 2 ? year - 1 : year)
    let era = floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func date(ofDay day: Int64) -> (year: Int64, month: Int, day: Int) {
    let shifted = day + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = Int(dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100))
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }
}
