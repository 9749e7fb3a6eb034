#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// CPU time and allocations of one piece of work: the best of seven rounds.
struct Measurement {
  let nanoseconds: Double
  /// nil without the counting library in front of malloc.
  let allocations: Double?

  init(_ work: () throws -> Void) rethrows {
    try work()
    var rounds = 1
    while try Self.time(rounds, work) < 20_000_000, rounds < 1 << 24 { rounds *= 2 }
    var best = Double.infinity
    for _ in 0..<7 { best = min(best, try Self.time(rounds, work) / Double(rounds)) }
    nanoseconds = best
    let counter = Self.counter
    let before = counter?()
    for _ in 0..<100 { try work() }
    allocations = counter.flatMap { counter in before.map { Double(counter() - $0) / 100 } }
  }

  private static func time(_ rounds: Int, _ work: () throws -> Void) rethrows -> Double {
    let start = now()
    for _ in 0..<rounds { try work() }
    return now() - start
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }

  private typealias Counter = @convention(c) () -> UInt64

  private static var counter: Counter? {
    guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "benchmark_allocations") else { return nil }
    return unsafeBitCast(symbol, to: Counter.self)
  }
}
