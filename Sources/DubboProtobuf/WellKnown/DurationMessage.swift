/// Seconds with 0, 3, 6 or 9 decimals and an `s`, up to 10,000 years either way.
extension Google_Protobuf_Duration: JSONValueMessage {
  public init(seconds: Int64, nanos: Int32 = 0) {
    self.init()
    self.seconds = seconds
    self.nanos = nanos
  }

  /// A span of time, as far as nanoseconds tell.
  public init(_ duration: Duration) {
    self.init()
    (seconds, nanos) = duration.wholeSecondsAndNanoseconds
  }

  /// The span as Swift's own type.
  public var duration: Duration { .seconds(seconds) + .nanoseconds(Int64(nanos)) }

  /// The seconds that a duration may have, either way: 10,000 years.
  package static var limit: Int64 { 315_576_000_000 }

  public func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) {
    guard (-Self.limit...Self.limit).contains(seconds), nanos.magnitude <= 999_999_999 else {
      throw noJSON("the duration exceeds 10,000 years, or its nanoseconds a second")
    }
    guard seconds == 0 || nanos == 0 || (seconds < 0) == (nanos < 0) else {
      throw noJSON("the duration's seconds and nanoseconds have different signs")
    }
    let sign = seconds < 0 || nanos < 0 ? "-" : ""
    json.string(sign + String(seconds.magnitude) + Decimals.fraction(nanos) + "s")
  }

  public mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault) {
    json.skipSpace()
    let place = json.cursor
    var scanner = DigitScanner([UInt8](try json.string().utf8))
    let isNegative = scanner.skip("-")
    guard let seconds = scanner.number() else { throw json.fault("expected a duration like 1.5s", at: place) }
    var nanos: Int32 = 0
    if scanner.skip(".") {
      guard let fraction = scanner.fraction() else { throw json.fault("expected a duration like 1.5s", at: place) }
      nanos = fraction
    }
    guard scanner.skip("s"), scanner.isAtEnd else { throw json.fault("expected a duration like 1.5s", at: place) }
    guard seconds <= Self.limit else { throw json.fault("the duration exceeds 10,000 years", at: place) }
    self.seconds = isNegative ? -seconds : seconds
    self.nanos = isNegative ? -nanos : nanos
  }
}
