internal import CLibuv

/// One connected or connecting socket: a `uv_tcp_t` or a `uv_pipe_t`, seen as the `uv_stream_t` that both are.
///
/// Made in `init`, ended in `close(reset:)`; from `init` to the close callback the handle retains this object. The one
/// request block serves the connection, then each write, then the shutdown: never two at once, and libuv answers each
/// of them before it closes the handle.
final class UVSocket: StreamSocket {
  let stream: UnsafeMutablePointer<uv_stream_t>
  let backend: UVLoop
  private let memory: UnsafeMutableRawPointer
  private let isPipe: Bool
  private var request: UnsafeMutableRawPointer?
  private var isClosing = false
  var owner: (any SocketOwner)?
  /// Reads of this socket in the turn `readTurn`.
  private var readsInTurn = 0
  private var readTurn: UInt64 = 0

  /// One connection's share of a turn: four reads of 64 KiB. The rest waits in the kernel for the next.
  private static let readsPerTurn = 4

  init(on backend: UVLoop, isPipe: Bool, owner: any SocketOwner) throws(IOFailure) {
    self.backend = backend
    self.isPipe = isPipe
    self.owner = owner
    memory = .allocate(byteCount: max(MemoryLayout<uv_tcp_t>.size, MemoryLayout<uv_pipe_t>.size), alignment: 16)
    stream = memory.assumingMemoryBound(to: uv_stream_t.self)
    if isPipe {
      try check(uv_pipe_init(backend.raw, memory.assumingMemoryBound(to: uv_pipe_t.self), 0), "make a unix socket")
    } else {
      try check(uv_tcp_init(backend.raw, memory.assumingMemoryBound(to: uv_tcp_t.self)), "make a TCP socket")
    }
    UVHandle.keepOwner(self, of: memory)
  }

  deinit {
    request?.deallocate()
    memory.deallocate()
  }

  private var tcp: UnsafeMutablePointer<uv_tcp_t> { memory.assumingMemoryBound(to: uv_tcp_t.self) }
  private var handle: UnsafeMutablePointer<uv_handle_t> { memory.assumingMemoryBound(to: uv_handle_t.self) }

  // MARK: Opening

  /// Takes over a connected descriptor.
  func open(_ descriptor: Int32) throws(IOFailure) {
    if isPipe {
      try check(uv_pipe_open(memory.assumingMemoryBound(to: uv_pipe_t.self), descriptor), "adopt a connection")
    } else {
      try check(uv_tcp_open(tcp, descriptor), "adopt a connection")
      uv_tcp_nodelay(tcp, 1)
    }
  }

  func connect(to address: SocketAddress) throws(IOFailure) {
    var raw = try address.checked()
    let request = requestBlock(uv_connect_t.self)
    if isPipe {
      withUnsafeBytes(of: &raw.path) { path in
        uv_pipe_connect(
          request, memory.assumingMemoryBound(to: uv_pipe_t.self), path.bindMemory(to: CChar.self).baseAddress,
          Self.connected)
      }
    } else {
      var storage = sockaddr_storage()
      dubbo_address_pack(&raw, &storage)
      let status = withUnsafePointer(to: &storage) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { uv_tcp_connect(request, tcp, $0, Self.connected) }
      }
      try check(status, "connect to", on: address.description)
    }
  }

  private static let connected: uv_connect_cb = { request, status in
    guard let socket = request?.pointee.handle.flatMap(UVSocket.of) else { return }
    socket.backend.loop?.beginEvent()
    guard !socket.isClosing else { return }
    if status == 0 {
      if !socket.isPipe { uv_tcp_nodelay(socket.tcp, 1) }
      socket.owner?.socketConnected()
    } else {
      socket.owner?.socketFailed(IOFailure(uv: status, "connect"))
    }
  }

  var localAddress: SocketAddress? {
    var descriptor: uv_os_fd_t = -1
    var raw = dubbo_address()
    guard !isClosing, uv_fileno(handle, &descriptor) == 0, dubbo_local_address(descriptor, &raw) == 0 else {
      return nil
    }
    return SocketAddress(raw)
  }

  // MARK: Reading

  func startReading() {
    guard !isClosing else { return }
    let status = uv_read_start(
      stream,
      { handle, _, buffer in
        guard let buffer, let data = handle?.pointee.data else { return }
        Unmanaged<UVSocket>.fromOpaque(data)._withUnsafeGuaranteedRef { $0.lendSlab(to: buffer) }
      },
      { stream, count, buffer in
        guard let data = stream?.pointee.data else { return }
        Unmanaged<UVSocket>.fromOpaque(data)._withUnsafeGuaranteedRef { $0.read(count, buffer?.pointee.base) }
      })
    if status < 0, status != UV_EALREADY.rawValue { owner?.socketFailed(IOFailure(uv: status, "read")) }
  }

  func stopReading() {
    if !isClosing { uv_read_stop(stream) }
  }

  /// Lends nothing once the connection has had its share of the turn: libuv then leaves it until the next.
  private func lendSlab(to buffer: UnsafeMutablePointer<uv_buf_t>) {
    guard let loop = backend.loop else { return }
    loop.beginEvent()
    if readTurn != loop.turnNumber {
      readTurn = loop.turnNumber
      readsInTurn = 0
    }
    readsInTurn += 1
    let isLent = readsInTurn <= Self.readsPerTurn
    buffer.pointee.base = isLent ? backend.readSlab.bindMemory(to: CChar.self).baseAddress : nil
    buffer.pointee.len = isLent ? backend.readSlab.count : 0
  }

  private func read(_ count: Int, _ base: UnsafeMutablePointer<CChar>?) {
    guard !isClosing else { return }
    if count > 0, let base {
      owner?.socketReceived(UnsafeRawBufferPointer(start: base, count: count))
    } else if count == Int(UV_EOF.rawValue) {
      owner?.socketReachedEnd()
    } else if count < 0, count != Int(UV_ENOBUFS.rawValue) {
      owner?.socketFailed(IOFailure(uv: CInt(count), "read"))
    }
  }

  // MARK: Writing

  func tryWrite(_ bytes: UnsafeRawBufferPointer) throws(IOFailure) -> Int {
    guard !isClosing, var buffer = Self.buffer(bytes) else { return 0 }
    let written = uv_try_write(stream, &buffer, 1)
    if written == UV_EAGAIN.rawValue { return 0 }
    return Int(try check(written, "write"))
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(IOFailure) {
    guard !isClosing, var buffer = Self.buffer(bytes) else { return }
    let status = uv_write(requestBlock(uv_write_t.self), stream, &buffer, 1) { request, status in
      guard let socket = request?.pointee.handle.flatMap(UVSocket.of) else { return }
      socket.backend.loop?.beginEvent()
      if status == 0 {
        socket.owner?.socketWrote()
      } else if !socket.isClosing {
        socket.owner?.socketFailed(IOFailure(uv: status, "write"))
      }
    }
    try check(status, "write")
  }

  var unwrittenBytes: Int { uv_stream_get_write_queue_size(stream) }

  private static func buffer(_ bytes: UnsafeRawBufferPointer) -> uv_buf_t? {
    guard let base = bytes.baseAddress, bytes.count > 0 else { return nil }
    let memory = UnsafeMutableRawPointer(mutating: base).assumingMemoryBound(to: CChar.self)
    return uv_buf_t(base: memory, len: min(bytes.count, Int(CInt.max)))
  }

  // MARK: Ending

  func shutDownWriting() throws(IOFailure) {
    guard !isClosing else { return }
    let status = uv_shutdown(requestBlock(uv_shutdown_t.self), stream) { request, status in
      guard let socket = request?.pointee.handle.flatMap(UVSocket.of), !socket.isClosing else { return }
      socket.backend.loop?.beginEvent()
      if status == 0 {
        socket.owner?.socketShutDown()
      } else {
        socket.owner?.socketFailed(IOFailure(uv: status, "shut down"))
      }
    }
    try check(status, "shut down")
  }

  func close(reset: Bool) {
    guard !isClosing else { return }
    isClosing = true
    // A reset is refused while a shutdown is under way: then the end is an orderly one.
    if reset, !isPipe, uv_tcp_close_reset(tcp, Self.closed) == 0 { return }
    uv_close(handle, Self.closed)
  }

  private static let closed: uv_close_cb = { handle in
    guard let socket = UVHandle.released(handle, as: UVSocket.self) else { return }
    socket.backend.loop?.beginEvent()
    let owner = socket.owner
    socket.owner = nil
    owner?.socketClosed()
  }

  private static func of(_ stream: UnsafeMutablePointer<uv_stream_t>) -> UVSocket? {
    guard let data = stream.pointee.data else { return nil }
    return Unmanaged<UVSocket>.fromOpaque(data).takeUnretainedValue()
  }

  private func requestBlock<Request>(_: Request.Type) -> UnsafeMutablePointer<Request> {
    let size = max(MemoryLayout<uv_connect_t>.size, MemoryLayout<uv_write_t>.size, MemoryLayout<uv_shutdown_t>.size)
    let block = request ?? .allocate(byteCount: size, alignment: 16)
    request = block
    return block.assumingMemoryBound(to: Request.self)
  }
}
