internal import CLibuv

/// A folder under watch: a `uv_fs_event_t`. The folder and not its files, for a file that is replaced by renaming another
/// over it takes its watch with it.
///
/// Made and started in `init`, ended in `close()`; the handle retains this object until the close callback.
final class UVFolderEvents: EventSource {
  private let raw = UVHandle.allocate(uv_fs_event_t.self)
  private let backend: UVLoop
  private let path: String
  private var owner: (any FolderSourceOwner)?

  init(on backend: UVLoop, path: String, owner: any FolderSourceOwner) throws(IOFailure) {
    self.backend = backend
    self.path = path
    self.owner = owner
    checkOurs(uv_fs_event_init(backend.raw, raw), "making a folder watch")
    UVHandle.keepOwner(self, of: raw)
    let status = uv_fs_event_start(
      raw,
      { handle, _, _, status in
        guard let data = handle?.pointee.data else { return }
        Unmanaged<UVFolderEvents>.fromOpaque(data).takeUnretainedValue().happened(status)
      }, path, 0)
    do throws(IOFailure) {
      try check(status, "watch", on: path)
    } catch {
      close()
      throw error
    }
  }

  private func happened(_ status: CInt) {
    backend.loop?.beginEvent()
    if status < 0 {
      owner?.folderFailed(IOFailure(uv: status, "watch", on: path))
    } else {
      owner?.folderChanged()
    }
  }

  func close() {
    guard owner != nil else { return }
    owner = nil
    uv_fs_event_stop(raw)
    uv_close(UnsafeMutableRawPointer(raw).assumingMemoryBound(to: uv_handle_t.self)) { handle in
      UVHandle.released(handle, as: UVFolderEvents.self)?.raw.deallocate()
    }
  }
}
