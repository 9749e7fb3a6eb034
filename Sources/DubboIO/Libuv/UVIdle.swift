internal import CLibuv

/// The loop's `uv_idle_t`: while it runs, libuv looks for events without blocking.
///
/// Made in `init`, ended in `close()`; the handle retains this object until the close callback.
final class UVIdle {
  private let raw = UVHandle.allocate(uv_idle_t.self)

  init(on loop: UnsafeMutablePointer<uv_loop_t>) {
    checkOurs(uv_idle_init(loop, raw), "making an idle hook")
    UVHandle.keepOwner(self, of: raw)
  }

  var isRunning = false {
    didSet {
      if isRunning {
        checkOurs(uv_idle_start(raw) { _ in }, "starting an idle hook")
      } else {
        checkOurs(uv_idle_stop(raw), "stopping an idle hook")
      }
    }
  }

  func close() {
    uv_close(UnsafeMutableRawPointer(raw).assumingMemoryBound(to: uv_handle_t.self)) { handle in
      UVHandle.released(handle, as: UVIdle.self)?.raw.deallocate()
    }
  }
}
