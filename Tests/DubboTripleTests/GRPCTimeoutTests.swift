import Testing

@testable import DubboTriple

@Suite struct GRPCTimeoutTests {
  @Test(arguments: [
    ("1n", Duration.nanoseconds(1)), ("5u", .microseconds(5)), ("100m", .milliseconds(100)), ("2S", .seconds(2)),
    ("3M", .seconds(180)), ("1H", .seconds(3_600)), ("00000001S", .seconds(1)),
  ])
  func `a timeout is digits and a unit`(text: String, expected: Duration) {
    #expect(GRPCTimeout.parse(Array(text.utf8)) == expected)
  }

  @Test func `a timeout of many years is held to a century`() {
    #expect(GRPCTimeout.parse(Array("99999999H".utf8)) == .seconds(100 * 365 * 24 * 3_600))
  }

  @Test(arguments: ["", "m", "1", "-1m", "+1m", "123456789m", "1.5S", "1x", "1 m", "１m"])
  func `what is no timeout is refused`(text: String) {
    #expect(GRPCTimeout.parse(Array(text.utf8)) == nil)
  }

  @Test(arguments: [
    (UInt64(0), "0n"), (99_999_999, "99999999n"), (100_000_000, "100000u"), (3_000_000_000, "3000000u"),
    (100_000_000_000, "100000m"), (UInt64.max, "5124095H"),
  ])
  func `the finest unit that eight digits hold is written`(nanoseconds: UInt64, expected: String) {
    #expect(String(decoding: GRPCTimeout.format(nanoseconds: nanoseconds), as: UTF8.self) == expected)
  }
}
