internal import CLibuv

/// The loop's `uv_prepare_t`: runs the second half of each turn, just before libuv blocks.
///
/// Made in `init`, ended in `close()`; the handle retains this object until the close callback.
final class UVPrepare {
  private let raw = UVHandle.allocate(uv_prepare_t.self)
  unowned(unsafe) var backend: UVLoop?

  init(on loop: UnsafeMutablePointer<uv_loop_t>) {
    checkOurs(uv_prepare_init(loop, raw), "making a hook")
    UVHandle.keepOwner(self, of: raw)
    let status = uv_prepare_start(raw) { handle in
      guard let data = handle?.pointee.data else { return }
      Unmanaged<UVPrepare>.fromOpaque(data).takeUnretainedValue().backend?.loop?.turn()
    }
    checkOurs(status, "starting a hook")
  }

  func close() {
    uv_close(UnsafeMutableRawPointer(raw).assumingMemoryBound(to: uv_handle_t.self)) { handle in
      UVHandle.released(handle, as: UVPrepare.self)?.raw.deallocate()
    }
  }
}
