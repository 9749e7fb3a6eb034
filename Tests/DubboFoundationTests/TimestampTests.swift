import DubboFoundation
import DubboProtobuf
import Foundation
import Testing

@Suite struct TimestampTests {
  @Test(
    arguments: [
      ("2024-02-29T12:00:00.500Z", 1_709_208_000, 500_000_000), ("1969-12-31T23:59:59.250Z", -1, 250_000_000),
      ("0001-01-01T00:00:00Z", -62_135_596_800, 0), ("2001-01-01T00:00:00Z", 978_307_200, 0),
    ] as [(String, Int64, Int32)])
  func `A date and a timestamp of one moment become each other`(text: String, seconds: Int64, nanos: Int32) throws {
    let stamp = try Google_Protobuf_Timestamp(jsonString: "\"\(text)\"")
    #expect(stamp.seconds == seconds && stamp.nanos == nanos)
    let date = Date(timeIntervalSince1970: Double(seconds) + Double(nanos) / 1e9)
    #expect(stamp.date == date && Date(stamp) == date)
    #expect(Google_Protobuf_Timestamp(date: date) == stamp && Google_Protobuf_Timestamp(date) == stamp)
    #expect(Google_Protobuf_Timestamp(timeIntervalSince1970: stamp.timeIntervalSince1970) == stamp)
    #expect(Google_Protobuf_Timestamp(timeIntervalSinceReferenceDate: stamp.timeIntervalSinceReferenceDate) == stamp)
  }

  @Test func `A date of these years comes back from a timestamp as it was`() {
    for step in 0..<10_000 {
      // 2001-02-18 to 2137, with all sorts of fractions.
      let date = Date(timeIntervalSinceReferenceDate: 4_194_304 + Double(step) * 429_077.123_456_789)
      #expect(Google_Protobuf_Timestamp(date: date).date == date)
    }
  }

  @Test func `Nanoseconds are rounded to the nearest, and a whole second is carried`() {
    let almost = Date(timeIntervalSinceReferenceDate: (1.0).nextDown)
    #expect(Google_Protobuf_Timestamp(date: almost) == .init(seconds: 978_307_201))
    let before = Date(timeIntervalSinceReferenceDate: -1e-12)
    #expect(Google_Protobuf_Timestamp(date: before) == .init(seconds: 978_307_200))
    let after = Date(timeIntervalSinceReferenceDate: 1.6e-9)
    #expect(Google_Protobuf_Timestamp(date: after) == .init(seconds: 978_307_200, nanos: 2))
  }

  @Test(arguments: [1e300, 2.6e11, -7e10, .infinity, -.infinity, .nan, 9.3e18, -9.3e18])
  func `A date that no timestamp may have is refused, or held to the nearest`(interval: Double) throws {
    let date = Date(timeIntervalSinceReferenceDate: interval)
    #expect(Google_Protobuf_Timestamp(date) == nil)
    let text = try Google_Protobuf_Timestamp(date: date).jsonString()
    #expect(
      text
        == (interval.isNaN
          ? "\"1970-01-01T00:00:00Z\""
          : interval < 0 ? "\"0001-01-01T00:00:00Z\"" : "\"9999-12-31T23:59:59.999999999Z\""))
  }

  @Test(arguments: [Int64.min, -1, 0, Int64.max], [Int32.min, 0, Int32.max])
  func `Any timestamp that a peer sends has a date`(seconds: Int64, nanos: Int32) {
    let date = Google_Protobuf_Timestamp(seconds: seconds, nanos: nanos).date
    #expect(date.timeIntervalSince1970.isFinite)
  }
}
