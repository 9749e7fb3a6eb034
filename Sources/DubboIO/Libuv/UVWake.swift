internal import CLibuv

/// The loop's `uv_async_t`: the only thing of libuv that another thread may touch.
///
/// Made in `init`, ended in `close()`; the handle retains this object until the close callback. `send` is not called
/// after `close()`: the loop waits for its wakers first.
final class UVWake {
  private let raw = UVHandle.allocate(uv_async_t.self)
  unowned(unsafe) var backend: UVLoop?

  init(on loop: UnsafeMutablePointer<uv_loop_t>) throws(IOFailure) {
    let status = uv_async_init(loop, raw) { handle in
      // The event itself is in the inbox, which the loop empties before it blocks.
      guard let data = handle?.pointee.data else { return }
      Unmanaged<UVWake>.fromOpaque(data).takeUnretainedValue().backend?.loop?.beginEvent()
    }
    do throws(IOFailure) {
      try check(status, "make an event loop")
    } catch {
      raw.deallocate()
      throw error
    }
    UVHandle.keepOwner(self, of: raw)
  }

  func send() { checkOurs(uv_async_send(raw), "waking a loop") }

  func close() {
    uv_close(UnsafeMutableRawPointer(raw).assumingMemoryBound(to: uv_handle_t.self)) { handle in
      UVHandle.released(handle, as: UVWake.self)?.raw.deallocate()
    }
  }
}
