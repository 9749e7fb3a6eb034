internal import DubboCore
internal import DubboHTTP
internal import DubboIO

/// One call at a server, from the request's headers to the end of its handler. Confined to its connection's loop.
///
/// Three things end independently: the stream, the answer, and the user's method. The first to end tells the others:
/// a stream that the peer resets cancels the method; an answer by deadline leaves the method to find out; and the
/// method's slot on the connection is free only when the method has returned.
final class ServerCall: HTTP2Stream {
  enum Answer {
    case none
    case headersSent
    case complete
  }

  /// Set by `begin`, and cleared when the stream has closed and the method returned: so the two do not hold each
  /// other for ever.
  var connection: ServerConnection?
  var route: RouteTable.Target?
  /// The request's headers that are the protocol's. Without the run-time check of exclusive access: nothing that it
  /// does leads back here.
  @exclusivity(unchecked) var fields = RequestFields()
  /// What the request's content type says; nil when it leaves it open.
  var requestFormat: PayloadFormat?
  /// How requests and replies are compressed; nil where they are not.
  var requestCoding: MessageCoding?
  var replyCoding: MessageCoding?
  var context: ServerContext?
  var metadata = Metadata()
  var deadline: MonotonicInstant?
  var deadlineToken = DeadlineToken.none
  /// What runs the method; nil before and after.
  var worker: RequestWorker?
  var answer = Answer.none

  /// Of a unary request. Without the run-time check of exclusive access: nothing that it does leads back here.
  @exclusivity(unchecked) var assembler: MessageAssembler?
  var request: [UInt8]?
  /// Of a call that has any.
  var streams: ServerStreams?

  // MARK: What comes

  override func keep(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
    fields.take(name, value)
  }

  /// The request's headers are here: finds the method, arms the deadline, and for a call with streams asks the
  /// connection to start it.
  func begin(on connection: ServerConnection, endStream: Bool) {
    self.connection = connection
    guard method == Self.post else { return refuse(status: "405", "POST is the method of every call") }
    switch fields.contentType {
    case .grpc: break
    case .format(let format): requestFormat = format
    case .missing, .other:
      return refuse(
        status: "415", "the content type of a call is application/grpc, alone or with +proto, +json or another format")
    }
    guard let found = connection.route(of: self),
      let route = found.target(group: fields.group, version: fields.version)
    else { return fail(connection.unknownPath(path)) }
    guard requestFormat == nil || requestFormat == route.format else {
      return fail(
        DubboError(.unimplemented, "\(route.method) has messages in \(route.format) only"))
    }
    guard fields.isTimeoutValid else {
      return fail(DubboError(.invalidArgument, "grpc-timeout is not up to eight digits and one of n u m S M H"))
    }
    guard settleCompression(route, connection.server.codings) else { return }
    self.route = route
    metadata = Metadata(block: headerBlock)
    if let timeout = fields.timeout {
      let deadline = connection.loop.now.advanced(by: timeout)
      self.deadline = deadline
      resetExpectedFrom = deadline
      deadlineToken = connection.loop.deadlines.arm(self, at: deadline)
    }
    if route.method.kind == .unary {
      assembler = MessageAssembler(limit: connection.settings.server.maxMessageSize)
      if requestCoding != nil { assembler?.marksCompression = true }
      if endStream { requestEnded() }
    } else {
      openStreams(on: connection)
      connection.start(self)
      if endStream { requestEnded() }
    }
  }

  private func openStreams(on connection: ServerConnection) {
    let port = StreamPort(self, on: connection.loop)
    let pipe = MessagePipe { bytes, isAwaited in port.messageTaken(bytes, isAwaited: isAwaited) }
    pipe.setHeaders(metadata)
    let streams = ServerStreams(
      incoming: IncomingStream(pipe: pipe, limit: connection.settings.server.maxMessageSize),
      outgoing: OutgoingStream(port: port))
    if requestCoding != nil {
      port.marksCompression()
      streams.incoming.marksCompression = true
    }
    streams.unsent.areMarked = replyCoding != nil
    self.streams = streams
  }

  func receive(_ bytes: UnsafeRawBufferPointer) {
    guard answer != .complete else { return consume(bytes.count) }
    do throws(DubboError) {
      if let streams {
        let credit = try streams.incoming.receive(bytes)
        if credit > 0 { consume(credit) }
        return
      }
      consume(bytes.count)
      var rest = bytes[...]
      while let message = try assembler?.next(&rest) {
        guard request == nil else {
          // Dubbo's Python client ends each unary call with an empty message more; nobody means two requests by it. The
          // marked form of an empty message is its mark.
          if message.count == (requestCoding == nil ? 0 : 1) { continue }
          throw DubboError(.invalidArgument, "a unary call carried more than one message", reason: .protocolViolation)
        }
        request = message
      }
    } catch {
      fail(error)
    }
  }

  /// The peer has sent its last byte.
  func requestEnded() {
    guard answer != .complete, let connection else { return }
    if let streams {
      if streams.incoming.isAtBoundary { streams.incoming.pipe.finish() } else { fail(Self.truncated) }
      return
    }
    guard route != nil else { return }
    guard assembler?.isAtBoundary != false else { return fail(Self.truncated) }
    guard request != nil else {
      return fail(DubboError(.invalidArgument, "the call ended without its one request", reason: .protocolViolation))
    }
    connection.start(self)
  }

  /// The stream is over, for whatever reason: the last event of this call.
  func streamClosed(_ code: HTTP2ErrorCode) {
    connection?.loop.deadlines.cancel(deadlineToken)
    if let worker, answer != .complete {
      answer = .complete
      worker.cancel()
    }
    streams?.fail(DubboError(.cancelled, "the caller ended the call (\(code))", reason: .cancellation))
    if worker == nil { letGo() }
  }

  /// Nothing happens any more: drops what would hold this call in turn.
  func letGo() {
    connection = nil
    streams = nil
  }

  private static let post = [UInt8]("POST".utf8)
  private static var truncated: DubboError {
    DubboError(.internal, "the caller ended its stream inside a message", reason: .protocolViolation)
  }
}

extension ServerCall: DeadlineHandler {
  /// The caller stops waiting now: it gets its answer even if the method never looks at its cancellation.
  func deadlineReached(_ token: DeadlineToken) {
    guard answer != .complete else { return }
    fail(DubboError(.deadlineExceeded, "the call's deadline passed at the provider", reason: .deadline))
    worker?.cancel()
    connection?.touch()
  }
}
