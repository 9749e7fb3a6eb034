import DubboCore
import DubboIO
import TestDoubles

/// What all parts of one run share: the network with its clock and its pool of threads, chance, and the ledger.
///
/// `@unchecked Sendable`, as everything of this module that tasks share: all tasks and loops of a run are driven by the
/// one thread that runs the network.
final class World: @unchecked Sendable {
  let seed: UInt64
  let plan: Plan
  let network: SimulatedNetwork
  let ledger: Ledger
  /// Faults are over and their traces are gone: every call must succeed from here on.
  var isSettled = false
  /// What happens to whom, for people; nil when nobody reads it.
  private(set) var story: [String]?
  private var generator: SeededGenerator
  private var lastEndpoint = 0

  init(seed: UInt64, tellsStory: Bool) {
    self.seed = seed
    plan = Plan(seed: seed)
    network = SimulatedNetwork(seed: seed)
    network.weather.latency = plan.latency
    network.weather.largestPiece = plan.largestPiece
    network.weather.socketBuffer = plan.socketBuffer
    network.weather.hesitation = plan.hesitation
    ledger = Ledger()
    generator = SeededGenerator(seed: ~seed)
    story = tellsStory ? ["\(plan)"] : nil
  }

  var clock: SimulatedClock { network.clock }
  var now: MonotonicInstant { network.now }

  func random(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

  /// True in `percent` of a hundred cases.
  func chance(_ percent: Int) -> Bool { random(0...99) < percent }

  func pick<Element>(_ elements: [Element]) -> Element { elements[random(0...elements.count - 1)] }

  /// Waits for some milliseconds; returns early when the task is cancelled.
  func pause(_ milliseconds: ClosedRange<Int>) async {
    try? await clock.sleep(for: .milliseconds(random(milliseconds)))
  }

  func nextEndpoint() -> Int {
    lastEndpoint += 1
    return lastEndpoint
  }

  func tell(_ event: @autoclosure () -> String) {
    guard story != nil else { return }
    let microseconds = (network.now.nanoseconds - 1_000_000_000) / 1_000
    story?.append("\(microseconds) µs: \(event())")
  }
}
