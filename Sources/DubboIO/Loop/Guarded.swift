internal import CLibuv

/// A value behind a lock, for what several threads share. libuv's mutex, which is the system's: thread sanitizer sees
/// it, and does not see `Synchronization.Mutex`, whose every contended use it reports as a race.
///
/// Owner of the `uv_mutex_t`. `@unchecked Sendable`: `value` is touched in `withLock` only, under the lock.
final class Guarded<Value>: @unchecked Sendable {
  private let raw = UVHandle.allocate(uv_mutex_t.self)
  private var value: Value

  init(_ value: sending Value) {
    self.value = value
    checkOurs(uv_mutex_init(raw), "making a lock")
  }

  deinit {
    uv_mutex_destroy(raw)
    raw.deallocate()
  }

  func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    uv_mutex_lock(raw)
    defer { uv_mutex_unlock(raw) }
    return try body(&value)
  }
}
