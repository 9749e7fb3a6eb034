internal import CLibuv

/// One question to the system's resolver, on libuv's thread pool: a `uv_getaddrinfo_t`.
///
/// The request retains this object from `start` to its callback, which comes exactly once, late perhaps, and frees it.
final class UVLookup {
  private let raw = UVHandle.allocate(uv_getaddrinfo_t.self)
  private let backend: UVLoop
  private let host: String
  private var owner: (any ResolutionOwner)?

  init(on backend: UVLoop, host: String, owner: any ResolutionOwner) {
    self.backend = backend
    self.host = host
    self.owner = owner
  }

  deinit { raw.deallocate() }

  func start(port: UInt16) throws(IOFailure) {
    raw.pointee.data = Unmanaged.passRetained(self).toOpaque()
    var hints = addrinfo()
    hints.ai_socktype = dubbo_socket_type_stream
    hints.ai_flags = dubbo_lookup_flags
    let status = uv_getaddrinfo(
      backend.raw, raw,
      { request, status, list in
        guard let data = request?.pointee.data else { return }
        Unmanaged<UVLookup>.fromOpaque(data).takeRetainedValue().answered(status, list)
      }, host, String(port), &hints)
    do throws(IOFailure) {
      try check(status, "look up", on: host)
    } catch {
      if let data = raw.pointee.data { Unmanaged<UVLookup>.fromOpaque(data).release() }
      throw error
    }
    backend.pendingLookups += 1
  }

  private func answered(_ status: CInt, _ list: UnsafeMutablePointer<addrinfo>?) {
    backend.pendingLookups -= 1
    defer { uv_freeaddrinfo(list) }
    let owner = self.owner
    self.owner = nil
    guard let loop = backend.loop else { return }
    loop.beginEvent()
    guard status == 0 else {
      owner?.resolved(.failure(IOFailure(uv: status, "look up", on: host)))
      return
    }
    var addresses: [SocketAddress] = []
    var next = list
    while let entry = next {
      next = entry.pointee.ai_next
      guard let address = entry.pointee.ai_addr else { continue }
      var raw = dubbo_address()
      dubbo_address_unpack(address, &raw)
      let found = SocketAddress(raw)
      if raw.family != 0, !addresses.contains(found) { addresses.append(found) }
    }
    if addresses.isEmpty {
      owner?.resolved(.failure(IOFailure(.nameNotFound, "look up", on: host, reason: "the name has no address")))
    } else {
      owner?.resolved(.success(addresses))
    }
  }
}
