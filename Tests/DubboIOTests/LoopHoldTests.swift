import DubboCore
import Synchronization
import TestDoubles
import Testing

@testable import DubboIO

/// Case 55: code of a user's that holds an event loop.
@Suite struct LoopHoldTests {
  private final class Lines: LogHandler {
    let minimumLevel = LogLevel.warning
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func handle(_ event: LogEvent) { lines.withLock { $0.append("\(event.message) \(event.fields)") } }
  }

  /// Holds the loop that it runs on.
  private final class Blocking: LoopWork, @unchecked Sendable {
    // Used by the one thread that runs the simulation.
    let network: SimulatedNetwork
    let duration: Duration
    init(_ network: SimulatedNetwork, for duration: Duration) {
      self.network = network
      self.duration = duration
    }
    func run(on loop: EventLoop) { network.hold(for: duration) }
  }

  @Test func `case 55: a loop that was held says which one, how long, and what to do, once a minute`() {
    let network = SimulatedNetwork(seed: 3)
    defer { network.shutDown() }
    let lines = Lines()
    _ = network.makeLoop()
    let loop = network.makeLoop(log: Log(label: "io", handler: lines))
    func hold(_ duration: Duration) {
      #expect(loop.submit(Blocking(network, for: duration)))
      network.run(for: .seconds(1))
    }
    network.run(for: .seconds(1))
    hold(.milliseconds(9))
    #expect(loop.metrics.holds == 0 && lines.all.isEmpty)
    hold(.seconds(5))
    #expect(loop.metrics.holds == 1)
    #expect(loop.metrics.latestHold?.nanoseconds == 5_000_000_000)
    #expect(loop.metrics.longestTurnNanoseconds >= 5_000_000_000)
    #expect(lines.all.count == 1)
    for part in ["simulated-2", "5000 ms", "another thread handed to the loop", "dispatcher=all"] {
      #expect(lines.all.first?.contains(part) == true, "\(part)")
    }
    hold(.seconds(5))
    hold(.seconds(5))
    #expect(loop.metrics.holds == 3 && lines.all.count == 1)
    network.hold(for: .seconds(60))
    hold(.seconds(2))
    #expect(lines.all.count == 2 && lines.all.last?.contains("2000 ms") == true)
  }
}
