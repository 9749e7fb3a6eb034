import Dubbo
import Glibc

/// So many calls a second, however long each takes, until the time is up or stdin ends: the load under which providers
/// come and go. Prints `READY 0` when the first call has been answered.
struct PacedLoad: Sendable {
  let echo: Echo.Client
  let text: String
  let options: CallOptions
  let rate: Int

  private static let tick = Duration.milliseconds(5)

  func run(seconds: Double) async throws -> (tally: Tally, seconds: Double) {
    var tally = Tally()
    tally.add(await call())
    print("READY 0")
    fflush(nil)
    let begun = nanoseconds()
    func elapsed() -> Double { Double(nanoseconds() - begun) / 1e9 }
    try await withThrowingTaskGroup(of: Tally.self) { group in
      var started = 0
      var underWay = 0
      while elapsed() < seconds && !Self.stdinHasEnded {
        while started < Int(elapsed() * Double(rate)) {
          group.addTask { await call() }
          started += 1
          underWay += 1
        }
        // A provider that answers nothing must not fill the memory: the oldest have deadlines.
        while underWay > rate, let ended = try await group.next() {
          tally.add(ended)
          underWay -= 1
        }
        try await Task.sleep(for: Self.tick)
      }
      for try await ended in group { tally.add(ended) }
    }
    return (tally, elapsed())
  }

  private func call() async -> Tally {
    var tally = Tally()
    let begun = nanoseconds()
    do {
      let reply = try await echo.unaryEcho(.with { $0.message = text }, options: options)
      if reply.message != text { tally.failed("another message came back") }
      tally.histogram.add(nanoseconds: nanoseconds() - begun)
    } catch {
      tally.failed("\(error)")
    }
    return tally
  }

  private static var stdinHasEnded: Bool {
    var descriptor = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, 0) > 0 else { return false }
    var byte: UInt8 = 0
    return read(0, &byte, 1) <= 0
  }
}
