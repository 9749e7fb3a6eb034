internal import DubboCore
internal import DubboHTTP
internal import Synchronization

/// A call with one request and one reply: no queue, no streams.
final class UnaryClientCall: ClientCall {
  private let message: [UInt8]
  private let prefix: BodyPrefix
  /// Nil when the provider was told of no compression.
  private let codings: MessageCodings?
  private let outcome: UnaryOutcome
  private var assembler: MessageAssembler
  private var reply: [UInt8]?

  /// - Parameter message: in the marked form of `MessageCoding` when the target's requests are compressed.
  init(_ invocation: Invocation, _ message: [UInt8], _ target: CallTarget, outcome: UnaryOutcome) {
    if target.requestCoding == nil {
      self.message = message
      prefix = messagePrefix(message)
    } else {
      var message = message
      prefix = takePrefix(ofMarked: &message)
      self.message = message
    }
    codings = target.codings
    self.outcome = outcome
    let limit = target.settings.client.maxMessageSize
    assembler = MessageAssembler(limit: limit)
    if codings != nil { assembler.marksCompression = true }
    super.init(invocation, limit: limit)
  }

  override func request(_ head: RequestHead, on session: HTTP2Session) throws(HTTP2Refusal) {
    try session.request(head, stream: self, body: .whole(message, prefix: prefix))
  }

  override func headersTaken() {
    if let coding = coding(among: codings) { _ = outcome.coding.storeIfNil(coding) }
  }

  override func take(_ bytes: UnsafeRawBufferPointer) throws(DubboError) {
    consume(bytes.count)
    var rest = bytes[...]
    while let message = try assembler.next(&rest) {
      guard reply == nil else {
        throw DubboError(
          .internal, "\(invocation.method) brought more than its one reply", reason: .protocolViolation,
          progress: .answered)
      }
      reply = message
    }
  }

  override func ended() {
    guard reply != nil, assembler.isAtBoundary else {
      return finish(
        DubboError(
          .internal, "\(invocation.method) ended well without its whole reply", reason: .protocolViolation,
          progress: .answered))
    }
    finish(nil)
  }

  override func tell(_ failure: DubboError?) {
    if let failure {
      outcome.resume(throwing: failure)
    } else {
      outcome.resume(
        returning: Reply(
          message: reply ?? [], headers: ResponseStatus.userPart(of: Metadata(block: headerBlock)),
          trailers: ResponseStatus.userPart(of: Metadata(block: trailerBlock))))
    }
  }
}

/// Where the caller of a unary call waits. The result may come before the caller: a task that is cancelled already
/// ends its call while it makes it.
final class UnaryOutcome: Sendable {
  private enum State {
    case open
    case waiting(UnsafeContinuation<Reply, any Error>)
    case early(Result<Reply, DubboError>)
    case over
  }

  private let state = Mutex(State.open)
  /// How the reply may be compressed, if it may at all.
  let coding = AtomicLazyReference<MessageCoding>()

  /// Resumes `continuation` with the result, now or when it comes. Once.
  func wait(_ continuation: UnsafeContinuation<Reply, any Error>) {
    let early = state.withLock { state -> Result<Reply, DubboError>? in
      if case .early(let result) = state {
        state = .over
        return result
      }
      state = .waiting(continuation)
      return nil
    }
    if let early { continuation.resume(with: early.mapError { $0 as any Error }) }
  }

  func resume(returning reply: Reply) {
    waiter(or: .success(reply))?.resume(returning: reply)
  }

  func resume(throwing error: DubboError) {
    waiter(or: .failure(error))?.resume(throwing: error)
  }

  /// Whoever waits, to be resumed by the caller of this; nil when the result is kept for it or it has one.
  private func waiter(or result: Result<Reply, DubboError>) -> UnsafeContinuation<Reply, any Error>? {
    state.withLock { state in
      switch state {
      case .waiting(let continuation):
        state = .over
        return continuation
      case .open:
        state = .early(result)
        return nil
      case .early, .over:
        return nil
      }
    }
  }
}
