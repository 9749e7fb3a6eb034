internal import DubboCore
internal import DubboHTTP
internal import DubboIO

/// One call at a client, from its slot to its end. Confined to the loop of its slot; subclassed for unary calls and
/// for calls with streams.
class ClientCall: HTTP2Stream {
  final let invocation: Invocation
  final let limit: Int
  /// Set while the call is on a connection.
  final weak var connection: ClientConnection?
  final private(set) var isOver = false
  /// The peer's headers are here: the call is decided, whatever comes.
  final private(set) var isAnswered = false
  final private var isGRPC = false
  final private var loop: EventLoop?
  final private var deadlineToken = DeadlineToken.none

  init(_ invocation: Invocation, limit: Int) {
    self.invocation = invocation
    self.limit = limit
  }

  // MARK: For the subclasses

  /// Opens the stream with this call's request.
  func request(_ head: RequestHead, on session: HTTP2Session) throws(HTTP2Refusal) {}
  /// Bytes of the answer.
  func take(_ bytes: UnsafeRawBufferPointer) throws(DubboError) {}
  /// The peer's headers are here and are gRPC's.
  func headersTaken() {}
  /// The peer has ended the call well: `finish` must follow, with whatever is still wrong with it.
  func ended() {}
  /// Tells the caller, once.
  func tell(_ failure: DubboError?) {}
  /// The stream has room to write again.
  func drained() {}

  // MARK: Beginning

  /// Arms the deadline; false when it has passed, and then the call is over.
  final func begin(on loop: EventLoop) -> Bool {
    guard !isOver else { return false }
    guard let deadline = invocation.deadline else { return true }
    guard deadline > loop.now else {
      finish(deadlineError)
      return false
    }
    if self.loop == nil {
      self.loop = loop
      deadlineToken = loop.deadlines.arm(self, at: deadline)
    }
    return true
  }

  // MARK: What comes

  final func headersArrived(endStream: Bool, from peer: String) {
    isAnswered = true
    let metadata = Metadata(block: headerBlock)
    isGRPC =
      metadata.firstValue(of: "content-type").map { range in
        metadata.block[range].starts(with: "application/grpc".utf8)
      } ?? false
    guard isGRPC || (endStream && metadata.firstValue(of: "grpc-status") != nil) else {
      return finish(ResponseStatus.notGRPC(httpStatus: status, peer: peer))
    }
    if endStream {
      finish(
        ResponseStatus.failure(httpStatus: status, block: headerBlock, isGRPC: isGRPC, peer: peer)
          ?? (invocation.method.kind.streamsReplies ? nil : endedEarly))
    } else {
      headersTaken()
    }
  }

  /// How the provider says that its messages are compressed; nil when it does not, or may not.
  final func coding(among codings: MessageCodings?) -> MessageCoding? {
    guard let codings else { return nil }
    return Metadata(block: headerBlock)["grpc-encoding"].flatMap { codings.named($0.utf8) }
  }

  final func receive(_ bytes: UnsafeRawBufferPointer) {
    guard !isOver else { return consume(bytes.count) }
    do throws(DubboError) {
      try take(bytes)
    } catch {
      finish(error)
    }
  }

  /// The last byte of the peer is here; the trailers are, too, if there are any.
  final func answerEnded(from peer: String) {
    guard !isOver else { return }
    if let failure = ResponseStatus.failure(
      httpStatus: status, block: trailerBlock, isGRPC: isGRPC, peer: peer)
    {
      finish(failure)
    } else {
      ended()
    }
  }

  /// The stream is gone. When the call is not over by then, it has failed.
  final func closed(_ code: HTTP2ErrorCode, on connection: ClientConnection) {
    guard !isOver else { return }
    if let resetReason { return finish(refusedAnswer(resetReason)) }
    if let trouble = connection.trouble, code != .refusedStream {
      finish(
        DubboError(
          .unavailable, "the connection to \(connection.name) broke: \(trouble)", reason: .connection,
          progress: isAnswered ? .answered : .unknown))
    } else {
      let progress: DubboError.Progress = isAnswered ? .answered : (code == .refusedStream ? .refused : .unknown)
      finish(
        DubboError(
          StatusCode(reset: code), "\(connection.name) reset the call (\(code))", reason: .connection,
          progress: progress))
    }
  }

  // MARK: The end

  /// The caller has given up.
  final func cancelled() {
    finish(
      DubboError(
        .cancelled, "the call was cancelled", reason: .cancellation, progress: isSent ? .unknown : .notSent))
  }

  /// Ends the call: tells the caller, and the peer where it does not know. The first time counts.
  final func finish(_ failure: DubboError?) {
    guard !isOver else { return }
    isOver = true
    loop?.deadlines.cancel(deadlineToken)
    if isLive, !remoteEnded || failure != nil { reset(.cancel) }
    tell(failure)
    connection?.touch()
  }

  /// The request has begun to leave.
  final var isSent: Bool { id > 0 }

  final private var deadlineError: DubboError {
    let place = isSent ? "before \(connection?.name ?? "the provider") answered" : "before the call could be sent"
    return DubboError(
      .deadlineExceeded, "the deadline of \(invocation.method) passed \(place)", reason: .deadline,
      progress: isSent ? .unknown : .notSent)
  }

  final private var endedEarly: DubboError {
    DubboError(.internal, "the call ended well without an answer", reason: .protocolViolation, progress: .answered)
  }

  final private func refusedAnswer(_ reason: ResetReason) -> DubboError {
    switch reason {
    case .headerListTooLarge:
      DubboError(
        .resourceExhausted, "the answer's metadata is larger than this side accepts", reason: .limit,
        progress: .answered)
    case .unsendable:
      DubboError(
        .invalidArgument, "the request's metadata can't be sent", reason: .limit, progress: .notSent)
    case .stalled:
      DubboError(
        .unavailable, "the provider took nothing of the request for too long", reason: .limit, progress: .unknown)
    case .invalidHeader:
      DubboError(
        .internal, "the answer's metadata breaks HTTP/2's rules", reason: .protocolViolation, progress: .answered)
    }
  }
}

extension ClientCall: DeadlineHandler {
  final func deadlineReached(_ token: DeadlineToken) {
    finish(deadlineError)
  }
}
