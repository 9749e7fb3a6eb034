import DubboFoundation
import DubboProtobuf
import Foundation
import Testing

@Suite struct DurationTests {
  @Test(
    arguments: [
      (1.5, 1, 500_000_000), (-1.5, -1, -500_000_000), (-0.25, 0, -250_000_000), (0, 0, 0), (1e-10, 0, 0),
      (0.9999999999, 1, 0), (-0.9999999999, -1, 0), (315_576_000_000, 315_576_000_000, 0),
    ] as [(TimeInterval, Int64, Int32)])
  func `An interval becomes seconds and the nearest nanoseconds of one sign`(
    interval: TimeInterval, seconds: Int64, nanos: Int32
  ) {
    let duration = Google_Protobuf_Duration(seconds: seconds, nanos: nanos)
    #expect(Google_Protobuf_Duration(timeInterval: interval) == duration)
    #expect(Google_Protobuf_Duration(interval) == duration)
    #expect(abs(duration.timeInterval - interval) < 1e-9)
  }

  @Test(arguments: [315_576_000_000.5, -315_576_000_001, .infinity, -.infinity, 1e300, .nan])
  func `An interval that no duration may have is refused, or held to the nearest`(interval: TimeInterval) {
    #expect(Google_Protobuf_Duration(interval) == nil)
    let limit: Int64 = interval.isNaN ? 0 : interval < 0 ? -315_576_000_000 : 315_576_000_000
    #expect(Google_Protobuf_Duration(timeInterval: interval) == .init(seconds: limit))
  }
}
