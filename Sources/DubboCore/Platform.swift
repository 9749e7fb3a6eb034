// The one file of this target that touches the C library: the clocks and standard error.

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

extension MonotonicInstant {
  /// The present moment, read from the operating system (about 20 ns).
  public static var now: MonotonicInstant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return .init(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
  }
}

/// Milliseconds since 1970 by the wall clock: for timestamps that other processes read, never for deadlines.
package func wallClockMilliseconds() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return Int64(time.tv_sec) &* 1_000 &+ Int64(time.tv_nsec) / 1_000_000
}

/// Writes all of `bytes` to standard error, as one `write` where the system takes it whole.
package func writeToStandardError(_ bytes: [UInt8]) {
  bytes.withUnsafeBytes { buffer in
    var offset = 0
    while offset < buffer.count, let base = buffer.baseAddress {
      let written = write(2, base + offset, buffer.count - offset)
      if written > 0 {
        offset += written
      } else if errno != EINTR {
        return  // nobody reads standard error: a log line is not worth more
      }
    }
  }
}
