package import DubboCore

/// One request and its response on a connection.
///
/// Triple's calls are subclasses, so that an event leads to its call without a look-up: on a server the session makes
/// them (`HTTP2Session.init(makeStream:)`), on a client the caller does. That is why the class is `open`; no product
/// exports this module. Confined to the loop of its session. Every method may be called at any time: on a stream that is
/// over it does nothing, or says so.
open class HTTP2Stream {
  // What is stored is visible to the module alone, for the reason that `HTTP2Session` gives.

  final var streamID: Int32 = 0
  final var requestTarget: RequestTarget?
  final var responseStatus = 0
  final var headers: [UInt8] = []
  final var receivedTrailers: [UInt8] = []
  final var peerEnded = false
  final var ownReset: ResetReason?

  // What is to be sent.

  /// Body bytes in wire form; sent up to `outgoingOffset`.
  final var outgoing: [UInt8] = []
  /// What goes before them.
  final var outgoingPrefix = BodyPrefix.none
  final var outgoingOffset = 0
  final var sending = SendingPhase.idle
  final var trailers = OutgoingTrailers.none
  /// The library waits for `resume` before it asks for body bytes again.
  final var isDeferred = false
  /// Body bytes that have left, and how many had when the session last looked for streams that stand still.
  final var sent = 0
  final var sentAtLastLook = -1
  /// Waits for its turn among the streams of the connection.
  final var isInTurnQueue = false
  /// Bytes it may send before the next one's turn.
  final var turnCredit = 0
  /// The writer was told to wait and gets `drained`.
  final var writerWaits = false

  // Flow control, in body bytes since the stream began.

  final var received = 0
  final var consumed = 0
  final var credited = 0

  // Its place in the session.

  /// Set by the session for as long as it lists the stream as live, and cleared by it before it goes away: so never
  /// dangling.
  final unowned(unsafe) var session: HTTP2Session?
  /// Whether `session` is set, to be asked without a retain.
  final var isListed = false
  final unowned(unsafe) var nextLive: HTTP2Stream?
  final unowned(unsafe) var previousLive: HTTP2Stream?
  final var whileLive: HTTP2Stream?
  final var openedAt = MonotonicInstant(nanoseconds: 0)
  /// `FrameBudget.halvings` at that time.
  final var openedAfter: UInt32 = 0
  /// The reader of events has seen, or will see, this stream.
  final var isAnnounced = false
  /// Our side asked for the reset; it was not provoked.
  final var resetRequested = false
  final var holdsSlot = false
  final var slots: HandlerSlots?
  /// A reset by the peer from this instant on is no sign of an attack: the call's deadline.
  final var expectedReset = MonotonicInstant.distantFuture

  public init() {}

  /// A field of the head, not a pseudo-header, as it is decoded: true when the stream has kept what it needs of it, and
  /// then it is not in `headerBlock`. Called while the library runs: it may store, and nothing else.
  open func keep(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool { false }
}

extension HTTP2Stream {
  /// The number on the wire, 0 before a client's request is accepted.
  package final var id: Int32 { streamID }
  /// The stream is open: its session will still report on it.
  package final var isLive: Bool { isListed }
  /// Body bytes that wait to be sent.
  package final var queuedBytes: Int { outgoingPrefix.count + outgoing.count - outgoingOffset }
  /// What a request asks for; nil on a client.
  package final var target: RequestTarget? { requestTarget }
  package final var method: [UInt8] { requestTarget?.method ?? [] }
  package final var scheme: [UInt8] { requestTarget?.scheme ?? [] }
  package final var authority: [UInt8] { requestTarget?.authority ?? [] }
  package final var path: [UInt8] { requestTarget?.path ?? [] }
  /// A response's status; 0 on a server and before the headers.
  package final var status: Int { responseStatus }
  /// The header fields without pseudo-headers, one flat block of entries: UInt16 length of the name and UInt32 length
  /// of the value, both big-endian, then the name in lower case and the value.
  package final var headerBlock: [UInt8] { headers }
  /// The trailers, in the same layout.
  package final var trailerBlock: [UInt8] { receivedTrailers }
  /// The peer has sent its last byte on this stream.
  package final var remoteEnded: Bool { peerEnded }
  /// Why this side reset the stream when the peer broke a rule or a limit; for error texts.
  package final var resetReason: ResetReason? { ownReset }

  /// The call's deadline: a reset near it or later is no sign of an attack. The peer's clock for it started earlier
  /// and its reset travels, so the last quarter before it counts as near.
  package final var resetExpectedFrom: MonotonicInstant {
    get { expectedReset }
    set { expectedReset = newValue }
  }
}

extension HTTP2Stream {
  /// Why this side reset a stream on its own account.
  package enum ResetReason: Sendable, Hashable, CustomStringConvertible {
    /// The header list was larger than `HTTP2Limits.maxHeaderListSize` or had more fields than `maxHeaderFields`.
    case headerListTooLarge
    /// A name or value that HTTP/2 forbids.
    case invalidHeader
    /// Our headers or trailers could not be encoded within the limits of the connection.
    case unsendable
    /// The peer kept its window shut for `HTTP2Limits.streamStall`.
    case stalled

    package var description: String {
      switch self {
      case .headerListTooLarge: "its header list is too large"
      case .invalidHeader: "a header breaks the rules of HTTP"
      case .unsendable: "it takes no headers as large as ours"
      case .stalled: "it reads nothing of a call for too long"
      }
    }
  }

  enum SendingPhase: UInt8 {
    /// No headers yet.
    case idle
    /// Headers sent, the body goes on.
    case open
    /// The body in the queue is the last.
    case finishing
    /// The library has everything, up to the end of the stream.
    case finished
  }

  enum OutgoingTrailers {
    case none
    case fields(ConstantHeaders, block: [UInt8])
  }
}
