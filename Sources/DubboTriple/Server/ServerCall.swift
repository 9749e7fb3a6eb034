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
  /// What the request's content type says; nil when it leaves it open.
  var requestFormat: PayloadFormat?
  var context: ServerContext?
  var metadata = Metadata()
  var deadline: MonotonicInstant?
  var deadlineToken = DeadlineToken.none
  var task: Task<Void, Never>?
  var isRunning = false
  var answer = Answer.none

  // A unary request.
  var assembler: MessageAssembler?
  var request: [UInt8]?

  // Streams.
  var incoming: IncomingStream?
  var outgoing: OutgoingStream?
  var unsent: [[UInt8]] = []
  var isBlocked = false
  var isMethodDone = false
  var endConstants = ConstantHeaders.none
  var endTrailers: [UInt8] = []

  // MARK: What comes

  /// The request's headers are here: finds the method, arms the deadline, and for a call with streams asks the
  /// connection to start it.
  func begin(on connection: ServerConnection, endStream: Bool) {
    self.connection = connection
    guard method == Self.post else { return refuse(status: "405", "POST is the method of every call") }
    let fields = RequestFields(block: headerBlock)
    switch fields.contentType {
    case .grpc: break
    case .format(let format): requestFormat = format
    case .missing, .other:
      return refuse(status: "415", "the content type of a call is application/grpc, alone or with +proto or +json")
    }
    guard let found = connection.route(of: self),
      let route = found.target(group: headerBlock[fields.group], version: headerBlock[fields.version])
    else { return fail(connection.unknownPath(path)) }
    guard requestFormat == nil || requestFormat == route.format else {
      return fail(
        DubboError(.unimplemented, "\(route.method) has messages in \(route.format.rawValue) only"))
    }
    guard fields.isTimeoutValid else {
      return fail(DubboError(.invalidArgument, "grpc-timeout is not up to eight digits and one of n u m S M H"))
    }
    self.route = route
    metadata = fields.metadata
    if let timeout = fields.timeout {
      let deadline = connection.loop.now.advanced(by: timeout)
      self.deadline = deadline
      resetExpectedFrom = deadline
      deadlineToken = connection.loop.deadlines.arm(self, at: deadline)
    }
    if route.method.kind == .unary {
      assembler = MessageAssembler(limit: connection.settings.maxMessageSize)
      if endStream { requestEnded() }
    } else {
      openStreams(on: connection)
      connection.start(self)
      if endStream { requestEnded() }
    }
  }

  private func openStreams(on connection: ServerConnection) {
    let port = StreamPort(self, on: connection.loop)
    let pipe = MessagePipe { bytes in port.incomingTaken(bytes + 5) }
    pipe.setHeaders(metadata)
    incoming = IncomingStream(pipe: pipe, limit: connection.settings.maxMessageSize)
    outgoing = OutgoingStream(port: port)
  }

  func receive(_ bytes: UnsafeRawBufferPointer) {
    guard answer != .complete else { return consume(bytes.count) }
    do throws(DubboError) {
      if incoming != nil {
        if let credit = try incoming?.receive(bytes), credit > 0 { consume(credit) }
        return
      }
      consume(bytes.count)
      var rest = bytes[...]
      while let message = try assembler?.next(&rest) {
        guard request == nil else {
          // Dubbo's Python client ends each unary call with an empty message more; nobody means two requests by it.
          if message.isEmpty { continue }
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
    if let incoming {
      if incoming.isAtBoundary { incoming.pipe.finish() } else { fail(Self.truncated) }
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
    if isRunning, answer != .complete {
      answer = .complete
      task?.cancel()
    }
    let error = DubboError(.cancelled, "the caller ended the call (\(code))", reason: .cancellation)
    endStreams(error)
    if !isRunning { letGo() }
  }

  /// Nothing happens any more: drops what would hold this call in turn.
  func letGo() {
    connection = nil
    incoming = nil
    outgoing = nil
  }

  func endStreams(_ error: DubboError) {
    incoming?.pipe.fail(error)
    outgoing?.fail(error)
    unsent = []
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
    task?.cancel()
    connection?.touch()
  }
}
