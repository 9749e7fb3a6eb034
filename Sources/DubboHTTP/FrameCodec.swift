internal import CNghttp2

/// The library's session: frames, HPACK, stream states and windows.
///
/// The one owner of the C handle is the `HTTP2Session` that is its context: made in `init`, ended in `end()`, called from
/// one loop. The library holds the context unretained, and calls back only inside `receive` and `nextOutput`, which only
/// the context calls: so it is alive in every callback.
struct FrameCodec {
  private let handle: OpaquePointer
  /// Held for the library, which keeps a pointer to it until `end`.
  private let memory: CodecMemory

  init?(role: HTTP2Role, limits: HTTP2Limits, memory: CodecMemory, context: HTTP2Session) {
    var callbacks: OpaquePointer?
    guard nghttp2_session_callbacks_new(&callbacks) == 0, let callbacks else { return nil }
    defer { nghttp2_session_callbacks_del(callbacks) }
    FrameCallbacks.install(in: callbacks)
    guard let options = FrameCodec.options(role, limits) else { return nil }
    defer { nghttp2_option_del(options) }
    // Unretained, as the declaration above says: the context owns this session and ends it.
    let context = Unmanaged.passUnretained(context).toOpaque()
    var made: OpaquePointer?
    // Copied by the library.
    var functions = memory.functions()
    let result =
      switch role {
      case .client: nghttp2_session_client_new3(&made, callbacks, context, options, &functions)
      case .server: nghttp2_session_server_new3(&made, callbacks, context, options, &functions)
      }
    guard result == 0, let made else { return nil }
    handle = made
    self.memory = memory
  }

  private static func options(_ role: HTTP2Role, _ limits: HTTP2Limits) -> OpaquePointer? {
    var made: OpaquePointer?
    guard nghttp2_option_new(&made) == 0, let options = made else { return nil }
    // Back-pressure is ours: credit is given when bytes are used.
    nghttp2_option_set_no_auto_window_update(options, 1)
    nghttp2_option_set_max_outbound_ack(options, 100)
    nghttp2_option_set_max_send_header_block_length(options, 64 * 1_024)
    _ = dubbo_option_set_max_continuations(options, max(1, limits.maxContinuations))
    // Only frames of types that are named here are reported, and so counted.
    for type in UInt8(10)...255 { nghttp2_option_set_user_recv_extension_type(options, type) }
    switch role {
    case .server:
      nghttp2_option_set_no_closed_streams(options, 1)
      // It counts honest cancellations as attacks; our own rule tells them apart.
      _ = dubbo_option_set_stream_reset_rate_limit(options, 1_000_000, 1_000_000)
    case .client:
      nghttp2_option_set_max_reserved_remote_streams(options, 0)
    }
    return options
  }

  /// Frees the session. No callback comes any more, also not for streams that are open.
  func end() {
    nghttp2_session_del(handle)
  }

  // Bytes

  /// The count of bytes taken, or a negative code after which only `end` is allowed.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
    nghttp2_session_mem_recv(handle, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
  }

  /// A frame or a part of one, valid until the next call; the count is 0 when there is none and negative on failure.
  func nextOutput() -> (start: UnsafePointer<UInt8>?, count: Int) {
    var start: UnsafePointer<UInt8>?
    let count = nghttp2_session_mem_send(handle, &start)
    return (start, count)
  }

  var wantsRead: Bool { nghttp2_session_want_read(handle) != 0 }
  var wantsWrite: Bool { nghttp2_session_want_write(handle) != 0 }
  var queuedFrames: Int { nghttp2_session_get_outbound_queue_size(handle) }

  // Streams

  // The library keeps the pointer unretained: the session's list of live streams holds the object until it is closed.
  private func pointer(to stream: HTTP2Stream) -> UnsafeMutableRawPointer {
    Unmanaged.passUnretained(stream).toOpaque()
  }

  func setStream(_ stream: HTTP2Stream) {
    nghttp2_session_set_stream_user_data(handle, stream.streamID, pointer(to: stream))
  }

  func stream(_ id: Int32) -> HTTP2Stream? {
    guard let pointer = nghttp2_session_get_stream_user_data(handle, id) else { return nil }
    // Alive: see `pointer(to:)`; what is no longer listed is closed, so the library no longer knows its number.
    return Unmanaged<HTTP2Stream>.fromOpaque(pointer).takeUnretainedValue()
  }

  var mayRequest: Bool { nghttp2_session_check_request_allowed(handle) != 0 }

  var remoteMaxConcurrentStreams: UInt32 {
    nghttp2_session_get_remote_settings(handle, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS)
  }

  var remoteMaxHeaderListSize: UInt32 {
    nghttp2_session_get_remote_settings(handle, NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE)
  }

  // Sending. Success says only that the frame is queued.

  /// The new stream's number, or a negative code.
  func submitRequest(_ fields: HeaderVector, stream: HTTP2Stream, hasBody: Bool) -> Int32 {
    let pointer = pointer(to: stream)
    guard hasBody else {
      return nghttp2_submit_request(handle, nil, fields.fields, fields.count, nil, pointer)
    }
    var provider = FrameCallbacks.bodyProvider(pointer)
    return nghttp2_submit_request(handle, nil, fields.fields, fields.count, &provider, pointer)
  }

  func submitResponse(_ fields: HeaderVector, stream: HTTP2Stream, hasBody: Bool) -> Int32 {
    guard hasBody else { return nghttp2_submit_response(handle, stream.streamID, fields.fields, fields.count, nil) }
    var provider = FrameCallbacks.bodyProvider(pointer(to: stream))
    return nghttp2_submit_response(handle, stream.streamID, fields.fields, fields.count, &provider)
  }

  func submitTrailers(_ fields: HeaderVector, streamID: Int32) -> Int32 {
    nghttp2_submit_trailer(handle, streamID, fields.fields, fields.count)
  }

  func submitReset(_ streamID: Int32, _ code: HTTP2ErrorCode) {
    nghttp2_submit_rst_stream(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), streamID, code.rawValue)
  }

  func resume(_ streamID: Int32) {
    nghttp2_session_resume_data(handle, streamID)
  }

  // Flow control

  func creditConnection(_ count: Int) {
    nghttp2_session_consume_connection(handle, count)
  }

  func creditStream(_ streamID: Int32, _ count: Int) {
    nghttp2_session_consume_stream(handle, streamID, count)
  }

  func setConnectionWindow(_ size: UInt32) {
    nghttp2_session_set_local_window_size(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, Int32(clamping: size))
  }

  // Connection

  func submitSettings(_ settings: HTTP2Settings, role: HTTP2Role, maxHeaderListSize: Int) -> Int32 {
    var entries = [
      entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, min(settings.streamWindow, UInt32(Int32.max))),
      entry(NGHTTP2_SETTINGS_MAX_FRAME_SIZE, min(max(settings.maxFrameSize, 16_384), 16_777_215)),
      entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, UInt32(clamping: maxHeaderListSize)),
    ]
    switch role {
    case .client:
      entries.append(entry(NGHTTP2_SETTINGS_ENABLE_PUSH, 0))
    case .server:
      entries.append(entry(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, settings.maxConcurrentStreams))
      // SETTINGS_NO_RFC7540_PRIORITIES: no dependency tree, so PRIORITY frames cost neither memory nor time.
      entries.append(nghttp2_settings_entry(settings_id: 9, value: 1))
    }
    return nghttp2_submit_settings(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), entries, entries.count)
  }

  private func entry(_ id: nghttp2_settings_id, _ value: UInt32) -> nghttp2_settings_entry {
    nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: value)
  }

  func submitPing(_ payload: UInt64) {
    withUnsafeBytes(of: payload.bigEndian) { bytes in
      _ = nghttp2_submit_ping(
        handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    }
  }

  /// A GOAWAY that still takes everything: the peer stops opening streams, those on their way are served.
  func submitShutdownNotice() {
    nghttp2_submit_shutdown_notice(handle)
  }

  /// A GOAWAY that names the last stream we have taken, which it returns.
  func submitGoAway(_ code: HTTP2ErrorCode, debug: [UInt8]) -> Int32 {
    let last = nghttp2_session_get_last_proc_stream_id(handle)
    nghttp2_submit_goaway(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), last, code.rawValue, debug, debug.count)
    return last
  }

  /// A GOAWAY after which nothing is read or sent: drops what is queued.
  func terminate(_ code: HTTP2ErrorCode) {
    nghttp2_session_terminate_session(handle, code.rawValue)
  }
}

extension FrameCodec {
  /// GOAWAY without debug data, for a session that can no longer make one.
  static func handMadeGoAway(_ code: HTTP2ErrorCode) -> [UInt8] {
    var frame: [UInt8] = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    withUnsafeBytes(of: code.rawValue.bigEndian) { frame.append(contentsOf: $0) }
    return frame
  }
}

extension HTTP2Failure {
  /// Whose fault a fatal code of the library is.
  init(fatal result: Int) {
    switch result {
    case Int(NGHTTP2_ERR_NOMEM.rawValue):
      self.init(origin: .resources, code: .internalError, reason: "no memory for the HTTP/2 session")
    case Int(NGHTTP2_ERR_BAD_CLIENT_MAGIC.rawValue):
      self.init(origin: .peer, code: .protocolError, reason: "the client's first bytes are no HTTP/2 preface")
    case Int(NGHTTP2_ERR_FLOODED.rawValue):
      self.init(origin: .limit, code: .enhanceYourCalm, reason: "the peer asks for answers and does not read them")
    case -905:  // NGHTTP2_ERR_TOO_MANY_CONTINUATIONS, a name that older headers lack.
      self.init(origin: .limit, code: .enhanceYourCalm, reason: "a header block has too many CONTINUATION frames")
    default:
      self.init(origin: .ours, code: .internalError, reason: String(cString: nghttp2_strerror(Int32(clamping: result))))
    }
  }
}
