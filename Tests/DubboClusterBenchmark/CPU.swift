import DubboCluster
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// This process's CPU time.
enum CPU {
  static var nanoseconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
  }

  private static let kept = Atomic<Int>(0)

  /// Makes sure that the choice is made.
  static func keep(_ candidate: Candidate?) {
    if candidate == nil { kept.wrappingAdd(1, ordering: .relaxed) }
  }

  /// Nanoseconds for one run of `body`, after a tenth of the runs to warm up.
  static func perCall(_ count: Int, _ body: () async throws -> Void) async rethrows -> Int {
    for _ in 0..<(count / 10) { try await body() }
    let start = nanoseconds
    for _ in 0..<count { try await body() }
    return (nanoseconds - start) / count
  }
}
