internal import CNghttp2

/// The library's callbacks. Each finds its session, hands on what happened in Swift's words, and returns a code: no
/// user code runs here, and nothing is sent or deleted.
enum FrameCallbacks {
  static func install(in callbacks: OpaquePointer) {
    nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, frameBegan)
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, headersBegan)
    nghttp2_session_callbacks_set_on_header_callback(callbacks, headerArrived)
    nghttp2_session_callbacks_set_on_invalid_header_callback(callbacks, invalidHeaderArrived)
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, frameArrived)
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, invalidFrameArrived)
    nghttp2_session_callbacks_set_unpack_extension_callback(callbacks, unknownFrameArrived)
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, dataArrived)
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, frameLeft)
    nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, frameStayed)
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, streamClosed)
    nghttp2_session_callbacks_set_error_callback2(callbacks, complaintArrived)
  }

  static func bodyProvider(_ stream: UnsafeMutableRawPointer) -> nghttp2_data_provider {
    nghttp2_data_provider(source: nghttp2_data_source(ptr: stream), read_callback: bodyWanted)
  }

  /// Runs `body` with the session of a callback: its context, unretained, for the library calls back only while the
  /// session itself has called it (see `FrameCodec`).
  @inline(__always)
  private static func on(_ context: UnsafeMutableRawPointer?, _ body: (HTTP2Session) -> Int32) -> Int32 {
    // Never nil: it was given when the library's session was made.
    guard let context else { return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }
    // Alive: the session itself has called the library.
    return Unmanaged<HTTP2Session>.fromOpaque(context)._withUnsafeGuaranteedRef(body)
  }

  /// Refuses the header block at hand; the rest of it is decoded, so that HPACK stays in step, and not reported.
  private static var refused: Int32 { NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue }

  private static let frameBegan: nghttp2_on_begin_frame_callback = { _, header, context in
    on(context) { session in
      guard let header else { return 0 }
      session.frameBegan(FrameKind(header.pointee), length: header.pointee.length, flags: header.pointee.flags)
      return 0
    }
  }

  private static let headersBegan: nghttp2_on_begin_headers_callback = { _, frame, context in
    on(context) { session in
      guard let frame else { return refused }
      let category = HeaderCategory(frame.pointee.headers.cat)
      return session.headersBegan(frame.pointee.hd.stream_id, category) ? 0 : refused
    }
  }

  private static let headerArrived: nghttp2_on_header_callback = {
    _, _, name, nameCount, value, valueCount, _, context in
    on(context) { session in
      let name = UnsafeBufferPointer(start: name, count: nameCount)
      return session.headerArrived(name, UnsafeBufferPointer(start: value, count: valueCount)) ? 0 : refused
    }
  }

  private static let invalidHeaderArrived: nghttp2_on_invalid_header_callback = { _, _, _, _, _, _, _, context in
    on(context) { session in
      session.invalidHeaderArrived()
      return refused
    }
  }

  private static let frameArrived: nghttp2_on_frame_recv_callback = { _, frame, context in
    on(context) { session in
      if let frame { frameArrived(frame, session) }
      return 0
    }
  }

  private static func frameArrived(_ frame: UnsafePointer<nghttp2_frame>, _ session: HTTP2Session) {
    let streamID = frame.pointee.hd.stream_id
    let ends = frame.pointee.hd.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
    let isAnswer = frame.pointee.hd.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0
    switch FrameKind(frame.pointee.hd) {
    case .data: if ends { session.bodyEnded(streamID) }
    case .headers: session.headersEnded(HeaderCategory(frame.pointee.headers.cat), endStream: ends)
    case .reset: session.resetArrived(streamID)
    case .settings: session.settingsArrived(isAnswer: isAnswer)
    case .ping: session.pingArrived(payload(frame.pointee.ping), isAnswer: isAnswer)
    case .goAway:
      let goAway = frame.pointee.goaway
      session.goAwayArrived(
        goAway.last_stream_id, .init(rawValue: goAway.error_code),
        UnsafeBufferPointer(start: goAway.opaque_data, count: goAway.opaque_data_len))
    case .priority, .push, .windowUpdate, .continuation, .other: break
    }
  }

  private static let invalidFrameArrived: nghttp2_on_invalid_frame_recv_callback = { _, frame, _, context in
    on(context) { session in
      if let frame, FrameKind(frame.pointee.hd) == .headers { session.headersBroke() }
      return 0
    }
  }

  /// Skips a frame of unknown type, which was counted when it began.
  private static let unknownFrameArrived: nghttp2_unpack_extension_callback = { _, _, _, _ in
    NGHTTP2_ERR_CANCEL.rawValue
  }

  private static let dataArrived: nghttp2_on_data_chunk_recv_callback = { _, _, streamID, bytes, count, context in
    on(context) { session in
      session.dataArrived(streamID, UnsafeRawBufferPointer(start: bytes, count: count))
      return 0
    }
  }

  private static let frameLeft: nghttp2_on_frame_send_callback = { _, frame, context in
    on(context) { session in
      if let frame { frameLeft(frame, session) }
      return 0
    }
  }

  private static func frameLeft(_ frame: UnsafePointer<nghttp2_frame>, _ session: HTTP2Session) {
    let streamID = frame.pointee.hd.stream_id
    let flags = frame.pointee.hd.flags
    switch FrameKind(frame.pointee.hd) {
    case .data, .headers:
      session.messageFrameLeft(streamID, endStream: flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0)
    case .reset: session.resetLeft(streamID, .init(rawValue: frame.pointee.rst_stream.error_code))
    case .settings: if flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) == 0 { session.settingsLeft() }
    case .goAway: session.goAwayLeft(.init(rawValue: frame.pointee.goaway.error_code))
    case .priority, .push, .ping, .windowUpdate, .continuation, .other: break
    }
  }

  private static let frameStayed: nghttp2_on_frame_not_send_callback = { _, frame, code, context in
    on(context) { session in
      guard let frame, FrameKind(frame.pointee.hd) == .headers else { return 0 }
      switch code {
      case NGHTTP2_ERR_STREAM_CLOSED.rawValue, NGHTTP2_ERR_STREAM_CLOSING.rawValue,
        NGHTTP2_ERR_SESSION_CLOSING.rawValue, NGHTTP2_ERR_START_STREAM_NOT_ALLOWED.rawValue:
        // The stream ends, or never begins, and is reported by its close.
        break
      default: session.headersStayed(frame.pointee.hd.stream_id)
      }
      return 0
    }
  }

  private static let streamClosed: nghttp2_on_stream_close_callback = { _, streamID, code, context in
    on(context) { session in
      session.streamClosed(streamID, .init(rawValue: code))
      return 0
    }
  }

  private static let complaintArrived: nghttp2_error_callback2 = { _, _, text, count, context in
    on(context) { session in
      if let text { session.complaintArrived(UnsafeRawBufferPointer(start: text, count: count)) }
      return 0
    }
  }

  private static let bodyWanted: nghttp2_data_source_read_callback = { _, _, buffer, capacity, flags, source, context in
    var count = 0
    let code = on(context) { session in
      guard let buffer, let flags, let stream = source?.pointee.ptr else { return refused }
      // The provider is asked only for streams that are open, which the session's list keeps alive.
      let part = Unmanaged<HTTP2Stream>.fromOpaque(stream)._withUnsafeGuaranteedRef { stream in
        session.fill(UnsafeMutableRawBufferPointer(start: buffer, count: capacity), from: stream)
      }
      switch part {
      case .wait:
        return NGHTTP2_ERR_DEFERRED.rawValue
      case .more(let filled):
        count = filled
      case .last(let filled, let endStream):
        count = filled
        flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
        if !endStream { flags.pointee |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue }
      }
      return 0
    }
    return code == 0 ? count : Int(code)
  }

  private static func payload(_ ping: nghttp2_ping) -> UInt64 {
    withUnsafeBytes(of: ping.opaque_data) { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
  }
}

extension FrameKind {
  init(_ header: nghttp2_frame_hd) {
    self = FrameKind(rawValue: header.type) ?? .other
  }
}

extension HeaderCategory {
  init(_ category: nghttp2_headers_category) {
    switch category {
    case NGHTTP2_HCAT_REQUEST: self = .request
    case NGHTTP2_HCAT_RESPONSE: self = .response
    default: self = .later
    }
  }
}
