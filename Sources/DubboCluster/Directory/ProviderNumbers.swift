public import DubboCore
internal import Synchronization

/// What this process has measured of one provider: calls under way, how long they take, how they end.
///
/// Kept with atomics, for every call touches it; one instance lives as long as the provider is known, through any
/// change of its URL.
public final class ProviderNumbers: Sendable {
  /// How a call ended, as far as the provider's health is concerned.
  public enum Outcome: Sendable, Hashable {
    /// The provider answered, be it with an error of its own.
    case answered
    /// The provider could not be reached or did not answer.
    case failed
    /// The caller gave up; says nothing of the provider.
    case abandoned
  }

  // The first four are what every choice looks at, and lie in one cache line.
  private let active = Atomic<Int>(0)
  /// A `LatencyEstimate`, packed.
  private let latency = Atomic<UInt64>(0)
  /// Nanoseconds of the instant until which the provider is ejected; 0 for never ejected.
  private let ejectedUntil = Atomic<UInt64>(0)
  /// Whether `capacity` holds anything: most providers report nothing, and then no call touches its lock.
  private let hasReported = Atomic<Bool>(false)
  private let finished = Atomic<Int>(0)
  private let succeeded = Atomic<Int>(0)
  /// Microseconds that all answered calls took together.
  private let answeredMicroseconds = Atomic<Int>(0)
  private let failuresInARow = Atomic<Int>(0)
  private let ejections = Atomic<Int>(0)
  private let capacity = Mutex(ReportedCapacity())

  public init() {}

  /// Calls under way.
  public var inFlight: Int { active.load(ordering: .relaxed) }
  /// Calls that have ended.
  public var finishedCalls: Int { finished.load(ordering: .relaxed) }
  /// Calls that ended with an answer.
  public var answeredCalls: Int { succeeded.load(ordering: .relaxed) }
  /// Microseconds that the answered calls took together.
  public var totalMicroseconds: Int { answeredMicroseconds.load(ordering: .relaxed) }
  /// Failures since the last answer.
  public var consecutiveFailures: Int { failuresInARow.load(ordering: .relaxed) }

  /// A call begins.
  public func begin() {
    active.add(1, ordering: .relaxed)
  }

  /// The call that began at `start` ends at `now`.
  public func end(since start: MonotonicInstant, now: MonotonicInstant, _ outcome: Outcome) {
    active.subtract(1, ordering: .relaxed)
    let nanoseconds = now.nanoseconds > start.nanoseconds ? now.nanoseconds - start.nanoseconds : 0
    let microseconds = Int(truncatingIfNeeded: nanoseconds / 1_000)
    switch outcome {
    case .answered:
      succeeded.add(1, ordering: .relaxed)
      answeredMicroseconds.wrappingAdd(microseconds, ordering: .relaxed)
      if failuresInARow.load(ordering: .relaxed) != 0 {
        failuresInARow.store(0, ordering: .relaxed)
        ejections.store(0, ordering: .relaxed)
        ejectedUntil.store(0, ordering: .relaxed)
      }
      observe(Float(microseconds), at: now)
    case .failed:
      failuresInARow.add(1, ordering: .relaxed)
      // A provider that fails at once must not look like the quickest.
      observe(max(Float(microseconds), LatencyEstimate.penalty), at: now)
    case .abandoned:
      break
    }
    finished.add(1, ordering: .relaxed)
  }

  /// The load that balancers compare: the estimated latency times the calls under way and the one to come.
  public func load(now: MonotonicInstant) -> Float {
    let waiting = Float(inFlight)
    let estimate = LatencyEstimate(packed: latency.load(ordering: .relaxed))
    guard estimate.isKnown else { return waiting * LatencyEstimate.penalty }
    return estimate.microseconds(at: now) * (waiting + 1)
  }

  /// The estimated latency in microseconds; nil before the first call has ended.
  public func estimatedMicroseconds(now: MonotonicInstant) -> Float? {
    let estimate = LatencyEstimate(packed: latency.load(ordering: .relaxed))
    return estimate.isKnown ? estimate.microseconds(at: now) : nil
  }

  /// The provider has said how many more calls of `method` it would take.
  func report(remaining: Int, of method: String, now: MonotonicInstant) {
    capacity.withLock { $0.report(remaining, of: method, inFlight: inFlight, at: now) }
    hasReported.store(true, ordering: .relaxed)
  }

  /// How many more calls of `method` the provider would take, by what it said in the last ten seconds and the calls that
  /// were sent since; negative when those are more. Nil when it said nothing.
  public func remaining(of method: String, now: MonotonicInstant) -> Int? {
    guard hasReported.load(ordering: .relaxed) else { return nil }
    return capacity.withLock { $0.remaining(of: method, inFlight: inFlight, now: now) }
  }

  /// Whether the provider is ejected at `now`.
  public func isEjected(now: MonotonicInstant) -> Bool {
    let until = ejectedUntil.load(ordering: .relaxed)
    return until != 0 && now.nanoseconds < until
  }

  /// Takes the provider out of the choice until `instant`; nil takes it back in.
  public func eject(until instant: MonotonicInstant?) {
    ejectedUntil.store(instant?.nanoseconds ?? 0, ordering: .relaxed)
  }

  /// One more ejection since the last answer; returns how many.
  func countEjection() -> Int {
    ejections.wrappingAdd(1, ordering: .relaxed).newValue
  }

  private func observe(_ sample: Float, at now: MonotonicInstant) {
    var old = latency.load(ordering: .relaxed)
    while true {
      let new = LatencyEstimate(packed: old).observing(sample, at: now).packed
      let (exchanged, current) = latency.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
      if exchanged { return }
      old = current
    }
  }
}
