/// One call on its way through the stack, on either side: what is asked, with what, until when.
///
/// A value: a filter that changes it changes only what the layers below see.
public struct Invocation: Sendable {
  /// What is called.
  public var method: MethodDescriptor
  /// What is sent, or the stream that the provider serves.
  public var body: Body
  /// Sent with the request (client), or came with it (server).
  public var metadata: Metadata
  /// When the call is over at the latest, all attempts together. Data, not a timer: whoever waits on the call's
  /// behalf keeps it.
  public var deadline: MonotonicInstant?
  /// Whether running the call twice does no harm.
  public var isIdempotent: Bool
  /// Values of this process that filters, routers and balancers share.
  public var attributes: Attributes
  /// On a provider: the call as its method sees it. Nil on the caller's side.
  public var server: ServerContext?

  public init(
    method: MethodDescriptor, body: Body, metadata: Metadata = Metadata(), deadline: MonotonicInstant? = nil,
    isIdempotent: Bool? = nil, attributes: Attributes = Attributes(), server: ServerContext? = nil
  ) {
    self.method = method
    self.body = body
    self.metadata = metadata
    self.deadline = deadline
    self.isIdempotent = isIdempotent ?? method.isIdempotent
    self.attributes = attributes
    self.server = server
  }

  /// What an invocation carries. Messages are always bytes: whoever tries again never encodes twice.
  public enum Body: Sendable {
    /// One message, the whole request of a unary call.
    case message([UInt8])
    /// A caller's streams: the endpoint opens them and runs this inside `invoke`.
    case exchange(Exchange)
    /// A provider's streams, already open: the requests to read and the replies to write.
    case inbound(InboundStream)
  }
}

/// What a caller does with the streams of a call: writes requests, reads replies, in any order, at the same time if
/// it likes. The call is over when both the exchange has returned and the provider has answered.
public typealias Exchange = @Sendable (_ requests: any MessageWriter, _ replies: any MessageReader) async throws -> Void

/// The open streams of a call at its provider.
public final class InboundStream: Sendable {
  /// The caller's messages.
  public let requests: any MessageReader
  /// The way back.
  public let replies: any MessageWriter

  public init(requests: any MessageReader, replies: any MessageWriter) {
    self.requests = requests
    self.replies = replies
  }
}

/// What a call brought back.
public struct Reply: Sendable {
  /// The answer of a unary call; empty for a call whose replies were streamed.
  public var message: [UInt8]
  /// Metadata that came before the answer (gRPC's initial metadata).
  public var headers: Metadata
  /// Metadata that came with the status (gRPC's trailing metadata; Dubbo's response attachments).
  public var trailers: Metadata

  public init(message: [UInt8] = [], headers: Metadata = Metadata(), trailers: Metadata = Metadata()) {
    self.message = message
    self.headers = headers
    self.trailers = trailers
  }
}
