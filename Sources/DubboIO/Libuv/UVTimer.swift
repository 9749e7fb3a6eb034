internal import CLibuv

/// The loop's one `uv_timer_t`: the alarm of its deadline wheel.
///
/// Made in `init`, ended in `close()`; the handle retains this object until the close callback.
final class UVTimer {
  private let raw = UVHandle.allocate(uv_timer_t.self)
  unowned(unsafe) var backend: UVLoop?

  init(on loop: UnsafeMutablePointer<uv_loop_t>) {
    checkOurs(uv_timer_init(loop, raw), "making a timer")
    UVHandle.keepOwner(self, of: raw)
  }

  /// Goes off once; replaces what was set before.
  func start(milliseconds: UInt64) {
    let status = uv_timer_start(
      raw,
      { handle in
        // The wheel is advanced in the turn that follows, not in here.
        guard let data = handle?.pointee.data else { return }
        let loop = Unmanaged<UVTimer>.fromOpaque(data).takeUnretainedValue().backend?.loop
        loop?.beginEvent()
        loop?.alarmRang()
      }, milliseconds, 0)
    checkOurs(status, "starting a timer")
  }

  func close() {
    uv_close(UnsafeMutableRawPointer(raw).assumingMemoryBound(to: uv_handle_t.self)) { handle in
      UVHandle.released(handle, as: UVTimer.self)?.raw.deallocate()
    }
  }
}
