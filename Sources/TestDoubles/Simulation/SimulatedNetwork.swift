package import DubboCore
package import DubboIO

/// A machine room without time or threads of its own: event loops, and a network between them, that a test drives.
///
/// The clock moves from event to event, every choice that a real system makes (how long a packet takes, how a stream
/// is cut, whose turn it is) is drawn from one seed, and everything runs on the test's thread: the same seed gives the
/// same run. Tasks take part when they run on these loops or on `pool` (`startRequests`, or a task executor preference)
/// and sleep on `clock`.
package final class SimulatedNetwork {
  package struct Weather {
    /// How long bytes and connections are under way.
    package var latency: ClosedRange<Int64> = 20_000...400_000
    /// Bytes under way or unread in one direction of a connection before its writer has to wait.
    package var socketBuffer = 64 * 1024
    /// The most that arrives in one piece.
    package var largestPiece = 64 * 1024
    /// How long a job of `pool` that is ready waits for a thread.
    package var hesitation: ClosedRange<Int64> = 0...20_000
    /// The chance that a byte arrives with one of its bits flipped.
    package var flips = 0.0
    package init() {}
  }

  package var weather = Weather()
  /// What the resolver knows.
  package var names: [String: [SocketAddress]] = [:]
  /// How long the resolver takes beside the network's latency, and how often it was asked.
  package var resolverDelay = Duration.zero
  package internal(set) var lookups = 0
  /// Addresses that swallow what is sent to them.
  package var silent: Set<SocketAddress> = []
  package let clock = SimulatedClock()
  package let pool = SimulatedPool()
  package var now: MonotonicInstant { clock.now }
  /// Folds everything that happened, in order: equal for two runs of one seed.
  package private(set) var digest: UInt64 = 0
  package private(set) var loops: [EventLoop] = []

  private var random: SeededGenerator
  private var events = EventHeap()
  private(set) var backends: [SimulatedBackend] = []
  var listeners: [SocketAddress: SimulatedListenSocket] = [:]
  var accepted: [Int32: SimulatedSocket] = [:]
  private var lastDescriptor: Int32 = 100
  private var lastPort: UInt16 = 20_000

  package init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  package func makeLoop(log: Log = .silent) -> EventLoop {
    let backend = SimulatedBackend(network: self)
    let loop = EventLoop(
      backend: backend, descriptors: DescriptorBudget(limit: 100_000), log: log, name: "simulated-\(loops.count + 1)")
    backend.loop = loop
    backends.append(backend)
    loops.append(loop)
    // The first turn, after which the loop sleeps.
    schedule(on: backend, after: 0) {}
    return loop
  }

  package func makeGroup(count: Int) -> LoopGroup {
    LoopGroup(driven: (0..<count).map { _ in makeLoop() }, descriptors: DescriptorBudget(limit: 100_000))
  }

  /// Lets `body` use `loop` as if it were on its thread, at the present instant.
  package func on(_ loop: EventLoop, _ body: @escaping () -> Void) {
    guard let backend = backend(of: loop) else { return }
    schedule(on: backend, after: 0, body)
  }

  /// The code that calls this takes so long: the thread that all of it runs on is held up.
  package func hold(for duration: Duration) {
    clock.move(to: now.advanced(by: duration).nanoseconds)
  }

  /// Runs until `isDone`, or until `limit` of simulated time is over or nothing is left to happen. Returns whether it
  /// is done.
  @discardableResult
  package func run(for limit: Duration = .seconds(3600), until isDone: () -> Bool = { false }) -> Bool {
    let end = now.advanced(by: limit).nanoseconds
    while !isDone() {
      takeArrivals()
      guard let next = takeNext(notAfter: end) else {
        if !events.isEmpty { clock.move(to: max(end, now.nanoseconds)) }
        return isDone()
      }
      clock.move(to: max(next.at, now.nanoseconds))
      note(next.at ^ next.tie)
      if let backend = next.backend { backend.deliver(next.action) } else { next.action() }
    }
    return true
  }

  /// Folds something that happened into the digest.
  package func note(_ value: UInt64) { digest = (digest ^ value) &* 0x0000_0100_0000_01b3 }

  /// What loops, tasks and sleepers ask for becomes events.
  private func takeArrivals() {
    for backend in backends where backend.takeWake() { schedule(on: backend, after: 0) {} }
    for job in pool.takeArrivals() {
      let wait = UInt64(Int64.random(in: weather.hesitation, using: &random))
      schedule(on: nil, at: now.nanoseconds + wait) { [pool] in
        job.runSynchronously(on: pool.asUnownedTaskExecutor())
      }
    }
    for (instant, id) in clock.takeNew() {
      schedule(on: nil, at: instant.nanoseconds) { [clock] in clock.wake(id) }
    }
  }

  /// Ends all loops, which closes and frees what lives on them.
  package func shutDown() {
    for loop in loops { loop.end() }
    run(for: .seconds(60))
  }

  // MARK: For the parts

  func backend(of loop: EventLoop) -> SimulatedBackend? { backends.first { $0.loop === loop } }

  func schedule(on backend: SimulatedBackend, after nanoseconds: UInt64, _ action: @escaping () -> Void) {
    schedule(on: backend, at: now.nanoseconds + nanoseconds, action)
  }

  func schedule(on backend: SimulatedBackend?, at instant: UInt64, _ action: @escaping () -> Void) {
    let event = SimulatedEvent(at: max(instant, now.nanoseconds), tie: random.next(), backend: backend, action: action)
    events.insert(event)
  }

  private func takeNext(notAfter end: UInt64) -> SimulatedEvent? {
    guard let next = events.first, next.at <= end else { return nil }
    return events.removeFirst()
  }

  func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  /// What becomes of bytes that are sent.
  func carry(_ bytes: inout [UInt8]) {
    guard weather.flips > 0 else { return }
    for index in bytes.indices where Double.random(in: 0..<1, using: &random) < weather.flips {
      bytes[index] ^= 1 << draw(0...7)
    }
  }

  func drawLatency() -> UInt64 { UInt64(Int64.random(in: weather.latency, using: &random)) }

  func nextDescriptor() -> Int32 {
    lastDescriptor += 1
    return lastDescriptor
  }

  func nextPort() -> UInt16 {
    lastPort += 1
    return lastPort
  }
}
