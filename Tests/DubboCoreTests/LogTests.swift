import Synchronization
import Testing

@testable import DubboCore

@Suite struct LogTests {
  private final class Recorder: LogHandler {
    let minimumLevel: LogLevel
    let events = Mutex<[LogEvent]>([])
    init(_ minimumLevel: LogLevel) { self.minimumLevel = minimumLevel }
    func handle(_ event: LogEvent) { events.withLock { $0.append(event) } }
  }

  @Test func `events below the handler's level are not even made`() {
    let recorder = Recorder(.warning)
    let log = Log(label: "test", fields: ["a": 1], handler: recorder)
    var made = 0
    func message() -> String {
      made += 1
      return "x"
    }
    log.info(message())
    log.with(["b": 2]).error(message(), ["a": 3])
    #expect(made == 1)
    let fields = recorder.events.withLock { $0 }.first?.fields
    #expect(fields?["a"] == "3")
    #expect(fields?["b"] == "2")
  }

  @Test func `a line cannot be forged by what it quotes`() {
    let event = LogEvent(
      level: .warning, label: "net", message: "bad\nline", fields: ["peer": "a b\r\n", "n": 5, "empty": ""])
    #expect(
      LogText.line(event, at: 0)
        == "1970-01-01T00:00:00.000Z WARN net: bad\\u{a}line peer=\"a b\\\\u{d}\\\\u{a}\" n=5 empty=\"\"\n")
  }

  @Test func `a long line is cut`() {
    let event = LogEvent(level: .info, label: "l", message: String(repeating: "x", count: 10_000), fields: [:])
    #expect(LogText.line(event, at: 0).utf8.count < 4_200)
  }

  @Test(arguments: [
    (1_769_860_800_123, "2026-01-31T12:00:00.123Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
    (-1, "1969-12-31T23:59:59.999Z"), (4_102_444_799_999, "2099-12-31T23:59:59.999Z"),
  ])
  func `timestamps are ISO 8601`(milliseconds: Int64, text: String) {
    #expect(LogText.timestamp(milliseconds) == text)
  }

  @Test func `one line per key and interval, and the next says how many were held back`() {
    let pacer = LogPacer(interval: .seconds(60), capacity: 2)
    let start = MonotonicInstant(nanoseconds: 0)
    #expect(pacer.admit("a", now: start) == 0)
    #expect(pacer.admit("a", now: start.advanced(by: .seconds(59))) == nil)
    #expect(pacer.admit("b", now: start.advanced(by: .seconds(1))) == 0)
    #expect(pacer.admit("a", now: start.advanced(by: .seconds(60))) == 1)
    // A third key takes the place of the oldest, which then speaks again.
    #expect(pacer.admit("c", now: start.advanced(by: .seconds(61))) == 0)
    #expect(pacer.admit("b", now: start.advanced(by: .seconds(61))) == 0)
  }
}

@Suite struct BackoffTests {
  @Test func `waits grow by the factor up to the maximum`() {
    let backoff = Backoff(jitter: 0)
    var generator = SeededGenerator(seed: 1)
    let waits = [0, 1, 2, 3, 20, Int.max].map { backoff.delay(afterFailures: $0, using: &generator) }
    #expect(waits == [.zero, .seconds(1), .milliseconds(1600), .milliseconds(2560), .seconds(120), .seconds(120)])
  }

  @Test func `jitter spreads each wait by a fifth`() {
    let backoff = Backoff()
    var generator = SeededGenerator(seed: 2)
    let waits = (0..<1_000).map { _ in backoff.delay(afterFailures: 1, using: &generator) }
    #expect(waits.allSatisfy { $0 >= .milliseconds(800) && $0 <= .milliseconds(1200) })
    #expect(waits.contains { $0 < .milliseconds(850) } && waits.contains { $0 > .milliseconds(1150) })
  }

  @Test func `nonsense figures do not trap`() {
    var generator = SeededGenerator(seed: 3)
    for factor in [-1, 0, .nan, .infinity, 1e300] {
      let backoff = Backoff(base: .seconds(-5), factor: factor, maximum: .seconds(Int64.max), jitter: factor)
      #expect(backoff.delay(afterFailures: 1_000, using: &generator) >= .zero)
    }
  }

  @Test func `a seed decides the numbers`() {
    var generator = SeededGenerator(seed: 0)
    // The reference implementation's first outputs for this SplitMix64 seed.
    #expect(
      (0..<3).map { _ in generator.next() } == [
        11_091_344_671_253_066_420, 13_793_997_310_169_335_082, 1_900_383_378_846_508_768,
      ])
  }
}
