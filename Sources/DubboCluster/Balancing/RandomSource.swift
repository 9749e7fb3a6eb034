internal import Synchronization

/// Random numbers for choices, shared by all calls: SplitMix64 over one atomic counter, a few nanoseconds and no lock.
///
/// The same seed gives the same numbers when one task asks. Not for secrets.
public final class RandomSource: Sendable {
  private let state: Atomic<UInt64>

  public init(seed: UInt64) {
    state = Atomic(seed)
  }

  /// Seeded by the system.
  public convenience init() {
    self.init(seed: UInt64.random(in: .min ... .max))
  }

  /// 64 random bits.
  public func next() -> UInt64 {
    var z = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 up to but not including `bound`; 0 when `bound` is 0. The bias is below 2⁻³² for any number of
  /// providers.
  public func next(below bound: Int) -> Int {
    guard bound > 0 else { return 0 }
    return Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}

/// A `RandomSource` in the form that Swift's own `shuffle` and `random(in:using:)` take.
public struct SharedGenerator: RandomNumberGenerator, Sendable {
  private let source: RandomSource

  public init(_ source: RandomSource) {
    self.source = source
  }

  public mutating func next() -> UInt64 { source.next() }
}
