internal import DubboCore
internal import DubboHTTP
internal import DubboIO
internal import Synchronization

/// A call with streams. The user's exchange runs in its caller's task and meets this object through `ClientStreams`.
final class StreamClientCall: ClientCall {
  /// Made by `attach` before the call goes anywhere.
  private var streams: ClientStreams?
  private var incoming: IncomingStream?
  private var unsent = UnsentMessages()
  private let callTarget: CallTarget

  init(_ invocation: Invocation, _ target: CallTarget) {
    callTarget = target
    super.init(invocation, limit: target.settings.client.maxMessageSize)
  }

  /// The streams of this call, for the task that runs its exchange.
  func openStreams(on loop: EventLoop) -> ClientStreams {
    let port = StreamPort(self, on: loop)
    let streams = ClientStreams(port: port, callTarget)
    self.streams = streams
    var incoming = IncomingStream(pipe: streams.replies, limit: limit)
    if callTarget.codings != nil {
      port.marksCompression()
      incoming.marksCompression = true
    }
    self.incoming = incoming
    unsent.areMarked = callTarget.requestCoding != nil
    return streams
  }

  override func request(_ head: RequestHead, on session: HTTP2Session) throws(HTTP2Refusal) {
    try session.request(head, stream: self, body: .stream)
    drain()
  }

  override func headersTaken() {
    if let coding = coding(among: callTarget.codings) { streams?.coding?.set(coding) }
    streams?.replies.setHeaders(ResponseStatus.userPart(of: Metadata(block: headerBlock)))
  }

  override func take(_ bytes: UnsafeRawBufferPointer) throws(DubboError) {
    if let credit = try incoming?.receive(bytes), credit > 0 { consume(credit) }
  }

  override func ended() {
    let isWhole = incoming.map { $0.isAtBoundary } ?? true
    finish(
      isWhole
        ? nil
        : DubboError(
          .internal, "the provider ended its stream inside a message", reason: .protocolViolation,
          progress: .answered))
  }

  override func tell(_ failure: DubboError?) {
    unsent.removeAll()
    if let failure {
      streams?.fail(failure)
    } else {
      // An answer without any message may be one block of headers, which is its trailers.
      let block = trailerBlock.isEmpty ? headerBlock : trailerBlock
      streams?.succeed(trailers: ResponseStatus.userPart(of: Metadata(block: block)))
    }
    // The streams lead back here: without this the two would hold each other for ever.
    streams = nil
    incoming = nil
  }

  // MARK: Writing

  override func drained() {
    unsent.drained()
    drain()
  }

  private func drain() {
    guard let outgoing = streams?.outgoing, !isOver, isLive else { return }
    // Only what `begin` throws could be thrown here, and there is none.
    let isThrough = try? unsent.send(outgoing, on: self)
    if isThrough == true, unsent.areLast { finish() }
  }
}

extension StreamClientCall: StreamOwner {
  func outgoingReady() {
    drain()
    connection?.touch()
  }

  func incomingTaken(_ bytes: Int) {
    guard let credit = incoming?.take(bytes), credit > 0 else { return }
    consume(credit)
    connection?.touch()
  }
}

/// The streams of one call, between the task that runs the exchange and the call on its loop.
final class ClientStreams: Sendable {
  let outgoing: OutgoingStream
  let replies: MessagePipe
  /// How the replies are compressed; nil when they may not be.
  let coding: CodingReference?
  private let target: CallTarget
  private let trailers = Mutex<Metadata?>(nil)

  init(port: StreamPort, _ target: CallTarget) {
    self.target = target
    coding = target.codings == nil ? nil : CodingReference()
    outgoing = OutgoingStream(port: port)
    replies = MessagePipe { bytes, isAwaited in port.messageTaken(bytes, isAwaited: isAwaited) }
  }

  /// Where the exchange writes its requests.
  var writer: any MessageWriter {
    target.requestCoding.map { ShrinkingWriter(writer: outgoing, coding: $0) } ?? outgoing
  }

  /// Where the exchange reads the replies.
  var reader: any MessageReader {
    coding.map { ExpandingReader(pipe: replies, coding: $0) } ?? replies
  }

  /// The provider has ended the call well.
  func succeed(trailers: Metadata) {
    self.trailers.withLock { $0 = trailers }
    replies.finish()
    outgoing.fail(DubboError(.cancelled, "the provider has answered and takes no more messages", progress: .answered))
  }

  func fail(_ error: DubboError) {
    replies.fail(error)
    outgoing.fail(error)
  }

  /// After the exchange has returned: how the call ends. An exchange that read the replies and stopped before their
  /// end wants no more of them, and `cancel` tells the provider so; one that did not read waits for the provider.
  func end(cancel: () -> Void) async throws -> Reply {
    if replies.wasRead, !replies.hasEnded {
      cancel()
      return Reply()
    }
    while try await replies.next() != nil {}
    return Reply(headers: try await replies.headers(), trailers: trailers.withLock { $0 } ?? Metadata())
  }
}
