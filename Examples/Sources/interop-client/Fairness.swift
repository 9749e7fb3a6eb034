import Dubbo
import SampleServices
import Synchronization

/// Small calls, one after another for `time` each: alone, then on the same connection as an endless answer, then beside
/// 100 MB that are sent and come back. Says how long they took and throws when the large streams delay them by more
/// than 20 ms.
func judgeFairness(_ peer: Peer, for time: Duration) async throws {
  let clock = SystemClock()
  let alone = try await Latencies.ofSmallCalls(peer, for: time, clock)
  say("\(alone) alone")
  let large = String(repeating: "x", count: 64 * 1_024)
  let beside = [
    try await alone.beside(peer, for: time, clock, "an endless answer") { moved in
      let endless = CallOptions(timeout: .seconds(600), metadata: ["repeat": "1000000"])
      try await peer.echo.serverStreamingEcho(.with { $0.message = large }, options: endless) { replies in
        for try await reply in replies { moved.count(reply.message) }
      }
    },
    try await alone.beside(peer, for: time, clock, "100 MB there and back, again and again") { moved in
      while true {
        try await peer.echo.bidirectionalStreamingEcho(options: CallOptions(timeout: .seconds(600))) {
          requests, replies in
          async let answered: Void = {
            for try await reply in replies { moved.count(reply.message) }
          }()
          for _ in 0..<1_600 { try await requests.write(.with { $0.message = large }) }
          try await requests.finish()
          try await answered
        }
      }
    },
  ]
  guard beside.allSatisfy({ $0.percentile(99) - alone.percentile(99) <= .milliseconds(20) }) else {
    throw Failed("large streams delay small calls of their connection by more than 20 ms")
  }
}

/// How much was received.
private final class Moved: Sendable {
  private let sum = Mutex(0)

  var bytes: Int { sum.withLock { $0 } }

  func count(_ message: String) { sum.withLock { $0 += message.utf8.count } }
}

private struct Latencies: CustomStringConvertible {
  private let sorted: [Duration]

  func percentile(_ percent: Int) -> Duration { sorted[(sorted.count - 1) * percent / 100] }

  var description: String {
    func milliseconds(_ duration: Duration) -> String {
      let tenths = duration / .microseconds(100)
      return "\(Int(tenths) / 10).\(Int(tenths) % 10)"
    }
    return "\(sorted.count) small calls: p50 \(milliseconds(percentile(50))), p99 \(milliseconds(percentile(99))), "
      + "slowest \(milliseconds(percentile(100))) ms"
  }

  static func ofSmallCalls(_ peer: Peer, for time: Duration, _ clock: SystemClock) async throws -> Latencies {
    let end = clock.now.advanced(by: time)
    var took: [Duration] = []
    repeat {
      let begun = clock.now
      let answer = try await peer.echo.unaryEcho(.with { $0.message = "small" }, options: .init(timeout: .seconds(10)))
      took.append(begun.duration(to: clock.now))
      guard answer.message == "small" else { throw Failed("a small call was answered with '\(answer.message)'") }
      try await clock.sleep(for: .milliseconds(1))
    } while clock.now < end
    return Latencies(sorted: took.sorted())
  }

  /// The same while `load` moves messages, which it counts.
  func beside(
    _ peer: Peer, for time: Duration, _ clock: SystemClock, _ name: String,
    load: @escaping @Sendable (Moved) async throws -> Void
  ) async throws -> Latencies {
    let moved = Moved()
    let found = try await withThrowingTaskGroup(of: Latencies?.self) { group in
      group.addTask {
        try await load(moved)
        return nil
      }
      group.addTask { try await Latencies.ofSmallCalls(peer, for: time, clock) }
      // The load has no end of its own.
      let first = try await group.next() ?? nil
      group.cancelAll()
      return first
    }
    guard let found else { throw Failed("\(name): it ended before its time") }
    let seconds = time / .seconds(1)
    say("\(found) beside \(name) (\(Int(Double(moved.bytes) / seconds / 1e6)) MB/s of answers)")
    return found
  }
}
