/// Why a call failed: what happened, who said it, how far the call had come, and what the peer sent along.
///
/// Every failure of `Invoker.invoke` is one of these; a provider's method throws one to choose the status that its
/// caller sees. Any other error that a method throws reaches the caller as `UNKNOWN`.
public struct DubboError: Error, Sendable, CustomStringConvertible {
  /// The status on the wire.
  public var code: StatusCode
  /// A sentence for people: what failed, where, and what to do.
  public var message: String
  /// What kind of failure this is, finer than `code`.
  public var reason: Reason
  /// How far the call had come; this decides what may be tried again.
  public var progress: Progress
  /// The trailing metadata that came, or is to be sent, with the status.
  public var metadata: Metadata
  /// The bytes of a `google.rpc.Status` message (`grpc-status-details-bin`); empty for none.
  public var details: [UInt8]
  /// The error below this one.
  public var cause: (any Error)?

  public init(
    _ code: StatusCode, _ message: String, reason: Reason = .status, progress: Progress = .unknown,
    metadata: Metadata = Metadata(), details: [UInt8] = [], cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.reason = reason
    self.progress = progress
    self.metadata = metadata
    self.details = details
    self.cause = cause
  }

  public var description: String {
    // A message that was made of the cause's own words says them once.
    guard let cause = cause.map({ "\($0)" }), !message.contains(cause) else { return "\(code): \(message)" }
    return "\(code): \(message) (\(cause))"
  }

  /// The kind of a failure; the set is open.
  public struct Reason: RawRepresentable, Sendable, Hashable {
    public let rawValue: String

    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    /// The provider answered with this status.
    public static let status = Reason(rawValue: "status")
    /// Nobody provides the service, or no provider is left after routing.
    public static let noProvider = Reason(rawValue: "no-provider")
    /// The connection could not be made or broke.
    public static let connection = Reason(rawValue: "connection")
    /// The deadline passed on this side.
    public static let deadline = Reason(rawValue: "deadline")
    /// The task of the call was cancelled.
    public static let cancellation = Reason(rawValue: "cancellation")
    /// A limit of this side was met.
    public static let limit = Reason(rawValue: "limit")
    /// The peer broke the protocol.
    public static let protocolViolation = Reason(rawValue: "protocol-violation")
    /// A message could not be read or written.
    public static let serialization = Reason(rawValue: "serialization")
    /// The configuration or a URL is wrong.
    public static let configuration = Reason(rawValue: "configuration")
    /// This side is shutting down.
    public static let shutdown = Reason(rawValue: "shutdown")
  }

  /// How far a failed call had come, as facts and not as guesses.
  public enum Progress: Sendable, Hashable {
    /// Nothing of the call left this process: trying again is always safe.
    case notSent
    /// The peer said that it did not begin (REFUSED_STREAM, or a GOAWAY that leaves the stream out): always safe.
    case refused
    /// The request may have been worked on: safe only for an idempotent method.
    case unknown
    /// The peer answered, at least in part: the call is decided.
    case answered
  }
}

extension DubboError {
  /// What a user's error becomes on its way out of `invoke`: itself, a cancellation, or `UNKNOWN`.
  public static func wrapping(_ error: any Error) -> DubboError {
    if let error = error as? DubboError { return error }
    if error is CancellationError {
      return DubboError(.cancelled, "the call was cancelled", reason: .cancellation, cause: error)
    }
    return DubboError(.unknown, "\(error)", cause: error)
  }
}
