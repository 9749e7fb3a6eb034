internal import CLibuv

/// A listening socket of our own making under a `uv_poll_t` that tells when connections wait.
///
/// Owner of the descriptor and the handle: both made in `init`, both ended in `close()`; the handle retains this object
/// until the close callback.
final class UVListenSocket: ListenSocket {
  private let raw = UVHandle.allocate(uv_poll_t.self)
  private let backend: UVLoop
  private let descriptor: CInt
  private var owner: (any ListenSocketOwner)?
  private var isClosing = false
  let localAddress: SocketAddress

  init(on backend: UVLoop, at address: SocketAddress, backlog: Int, owner: any ListenSocketOwner) throws(IOFailure) {
    self.backend = backend
    self.owner = owner
    var wanted: dubbo_address
    let opened: CInt
    var bound = dubbo_address()
    do throws(IOFailure) {
      wanted = try address.checked()
      var status = dubbo_listen(&wanted, CInt(clamping: backlog))
      if status == UV_EADDRINUSE.rawValue, Self.removeStaleFile(&wanted) {
        status = dubbo_listen(&wanted, CInt(clamping: backlog))
      }
      opened = try check(status, "listen on", on: address.description)
    } catch {
      raw.deallocate()
      throw error
    }
    descriptor = opened
    do throws(IOFailure) {
      try check(dubbo_local_address(opened, &bound), "listen on", on: address.description)
      try check(uv_poll_init(backend.raw, raw, opened), "listen on", on: address.description)
    } catch {
      dubbo_close(opened)
      raw.deallocate()
      throw error
    }
    localAddress = SocketAddress(bound)
    UVHandle.keepOwner(self, of: raw)
  }

  /// A unix socket's file outlives its process. Only a file behind which nobody listens is removed.
  private static func removeStaleFile(_ address: inout dubbo_address) -> Bool {
    guard address.family == 1, dubbo_probe_unix(&address) == UV_ECONNREFUSED.rawValue else { return false }
    return withUnsafeBytes(of: address.path) { path in
      guard let path = path.bindMemory(to: CChar.self).baseAddress else { return false }
      return dubbo_unlink(path) == 0
    }
  }

  func startAccepting() {
    guard !isClosing else { return }
    let status = uv_poll_start(raw, CInt(UV_READABLE.rawValue)) { handle, _, _ in
      guard let data = handle?.pointee.data else { return }
      let socket = Unmanaged<UVListenSocket>.fromOpaque(data).takeUnretainedValue()
      socket.backend.loop?.beginEvent()
      socket.owner?.acceptReady()
    }
    checkOurs(status, "watching a listening socket")
  }

  func stopAccepting() {
    if !isClosing { uv_poll_stop(raw) }
  }

  func accept() throws(IOFailure) -> AcceptedSocket? {
    while !isClosing {
      var peer = dubbo_address()
      let accepted = dubbo_accept(descriptor, &peer)
      switch accepted {
      case UV_EAGAIN.rawValue: return nil
      // The peer has gone again, or a signal came: not the listener's trouble.
      case UV_ECONNABORTED.rawValue, UV_EINTR.rawValue, UV_EPROTO.rawValue: continue
      default:
        return AcceptedSocket(
          descriptor: try check(accepted, "accept on", on: localAddress.description), peer: SocketAddress(peer))
      }
    }
    return nil
  }

  func refuse(_ accepted: AcceptedSocket) { dubbo_close_reset(accepted.descriptor) }

  func close() {
    guard !isClosing else { return }
    isClosing = true
    uv_poll_stop(raw)
    // The name first, while it is surely still ours.
    if case .unix(let path) = localAddress { _ = dubbo_unlink(path) }
    uv_close(UnsafeMutableRawPointer(raw).assumingMemoryBound(to: uv_handle_t.self)) { handle in
      guard let socket = UVHandle.released(handle, as: UVListenSocket.self) else { return }
      socket.backend.loop?.beginEvent()
      let owner = socket.owner
      socket.owner = nil
      socket.raw.deallocate()
      owner?.listenSocketClosed()
    }
    dubbo_close(descriptor)
  }
}
