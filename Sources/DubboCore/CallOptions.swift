/// What a caller says about one call, above what the reference and its URL say.
public struct CallOptions: Sendable {
  /// How long the call may take, all attempts together; nil leaves it to the reference (Dubbo's `timeout`).
  public var timeout: Duration?
  /// Sent with the request.
  public var metadata: Metadata
  /// Whether running the call twice does no harm, so that it may be tried again after it may have been worked on;
  /// nil leaves it to the method's descriptor.
  public var idempotent: Bool?
  /// Values for filters, routers and balancers of this process.
  public var attributes: Attributes
  /// Filled with what comes beside the answer; nil when nobody wants it.
  public var replyMetadata: ReplyMetadata?

  public init(
    timeout: Duration? = nil, metadata: Metadata = Metadata(), idempotent: Bool? = nil,
    attributes: Attributes = Attributes(), replyMetadata: ReplyMetadata? = nil
  ) {
    self.timeout = timeout
    self.metadata = metadata
    self.idempotent = idempotent
    self.attributes = attributes
    self.replyMetadata = replyMetadata
  }
}
